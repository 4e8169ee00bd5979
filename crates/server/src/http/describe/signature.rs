//! The input and the response of a handler, derived from its types.

use std::collections::BTreeMap;

use actix_web::{Handler, web::Json};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{
        Content, ContentBuilder, Header, Ref, RefOr, Required, Schema,
        path::Parameter,
        request_body::{RequestBody, RequestBodyBuilder},
    },
};

use crate::http::{
    access::Access,
    error::ApiError,
    request::{self, Body, EndpointInput, Input},
};

/// The body of an endpoint's success response.
pub(crate) trait Success: Serialize + ToSchema {
    /// Returns an example for the documentation.
    fn example() -> Self;
}

/// A handler's success response: a body, and headers specific to the endpoint.
pub(crate) trait ResponseDoc {
    type Body: Success;

    fn headers() -> Vec<(&'static str, Header)> {
        Vec::new()
    }
}

impl<T: Success> ResponseDoc for Json<T> {
    type Body = T;
}

/// The input and the response of a handler.
pub(crate) struct Signature {
    pub(crate) access: Access,
    pub(crate) input: InputDoc,
    pub(crate) success: Content,
    /// The headers of the success response.
    pub(crate) headers: Vec<(&'static str, Header)>,
    schemas: Schemas,
}

/// The documentation of a request's input, without its credential.
#[derive(Default)]
pub(crate) struct InputDoc {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<BodyDoc>,
    /// Returns an example error for an invalid query, if the query can be invalid.
    pub(crate) refused_query: Option<fn() -> Option<ApiError>>,
}

/// The documentation of a request body.
pub(crate) struct BodyDoc {
    name: &'static str,
    schema: RefOr<Schema>,
    example: Value,
    /// Returns an example error for a body in which every field is invalid.
    pub(crate) refusal: fn() -> ApiError,
}

/// The schemas that other schemas refer to.
#[derive(Default)]
pub(crate) struct Schemas(BTreeMap<String, RefOr<Schema>>);

/// Returns the signature of a handler.
pub(crate) fn signature<A, R, H>(_handler: H) -> Signature
where
    A: EndpointInput,
    R: ResponseDoc,
    H: Handler<(A,), Output = Result<R, ApiError>>,
{
    let mut schemas = Schemas::default();
    let schema = schemas.add::<R::Body>();
    let input = A::Input::describe();
    if let Some(body) = &input.body {
        schemas.0.insert(body.name.to_owned(), body.schema.clone());
    }
    let example = json!(R::Body::example());
    let success = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
    Signature { access: A::ACCESS, input, success, headers: R::headers(), schemas }
}

impl InputDoc {
    pub(crate) fn parameters(parameters: impl IntoIterator<Item = Parameter>) -> Self {
        Self { parameters: parameters.into_iter().collect(), ..Self::default() }
    }

    /// Adds the error for an invalid query.
    pub(crate) fn refused_as(self, refused_query: fn() -> Option<ApiError>) -> Self {
        Self { refused_query: Some(refused_query), ..self }
    }

    pub(crate) fn body<B: Body>() -> Self {
        let body = BodyDoc {
            name: B::NAME,
            schema: request::schema::<B>().into(),
            example: request::example::<B>(),
            refusal: request::refusal_example::<B>,
        };
        Self { body: Some(body), ..Self::default() }
    }

    /// Combines two inputs. The body and the query error of `self` take precedence.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.parameters.extend(other.parameters);
        self.body = self.body.or(other.body);
        self.refused_query = self.refused_query.or(other.refused_query);
        self
    }

    /// Fills in the input's examples where an error shows what was sent.
    pub(crate) fn show(&self, error: ApiError) -> ApiError {
        let body = self.body.as_ref().map(|body| body.example.to_string()).unwrap_or_default();
        let path = |name: &str| {
            let parameter = self.parameters.iter().find(|parameter| parameter.name == name);
            parameter.and_then(|it| json!(it).pointer("/example").cloned()).unwrap_or_default()
        };
        request::show_what_was_sent(error, body.as_bytes(), path)
    }
}

impl BodyDoc {
    pub(crate) fn request_body(&self) -> RequestBody {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(self.name)))
            .example(Some(self.example.clone()));
        RequestBodyBuilder::new()
            .content("application/json", content.build())
            .required(Some(Required::True))
            .build()
    }
}

impl Schemas {
    /// Adds a type and the types that it refers to, and returns a reference to it. A type without a name
    /// is not added; its schema is returned instead.
    pub(crate) fn add<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let mut others = Vec::new();
        T::schemas(&mut others);
        self.0.extend(others);
        let name = T::name().into_owned();
        if name.is_empty() {
            return T::schema();
        }
        self.0.insert(name.clone(), T::schema());
        Ref::from_schema_name(name).into()
    }

    pub(crate) fn extend(&mut self, signature: Signature) {
        self.0.extend(signature.schemas.0);
    }

    pub(crate) fn into_iter(self) -> impl Iterator<Item = (String, RefOr<Schema>)> {
        self.0.into_iter()
    }
}
