//! What a handler takes and answers, found out from its types.

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

use crate::{
    error::ApiError,
    extract::{self, Admission, Body, Input},
    routes::Access,
};

/// What an endpoint answers when all is well.
pub(crate) trait Success: Serialize + ToSchema {
    /// One such answer.
    fn example() -> Self;
}

/// What a handler answers: a body, and headers of its own.
pub(crate) trait Answer {
    type Body: Success;

    fn headers() -> Vec<(&'static str, Header)> {
        Vec::new()
    }
}

impl<T: Success> Answer for Json<T> {
    type Body = T;
}

/// What a handler takes and answers.
pub(crate) struct Signature {
    pub(crate) access: Access,
    pub(crate) input: InputDoc,
    pub(super) success: Content,
    /// The headers of a success.
    pub(super) headers: Vec<(&'static str, Header)>,
    schemas: Schemas,
}

/// What a request says beside its credential.
#[derive(Default)]
pub(crate) struct InputDoc {
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<BodyDoc>,
    /// The answer to a query that is refused, where there is one.
    pub(super) refused_query: Option<fn() -> Option<ApiError>>,
}

/// A body that an endpoint takes.
pub(crate) struct BodyDoc {
    name: &'static str,
    schema: RefOr<Schema>,
    example: Value,
    /// The answer to a body of which every field is wrong.
    pub(super) refusal: fn() -> ApiError,
}

/// The schemas that others refer to.
#[derive(Default)]
pub(super) struct Schemas(BTreeMap<String, RefOr<Schema>>);

/// Reads the signature of a handler.
pub(crate) fn signature<A, R, H>(_handler: H) -> Signature
where
    A: Admission,
    R: Answer,
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

    /// With the answer to a query that is refused.
    pub(crate) fn refused_as(self, refused_query: fn() -> Option<ApiError>) -> Self {
        Self { refused_query: Some(refused_query), ..self }
    }

    pub(crate) fn body<B: Body>() -> Self {
        let body = BodyDoc {
            name: B::NAME,
            schema: extract::schema::<B>().into(),
            example: extract::example::<B>(),
            refusal: extract::refusal_example::<B>,
        };
        Self { body: Some(body), ..Self::default() }
    }

    /// What both say.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.parameters.extend(other.parameters);
        self.body = self.body.or(other.body);
        self.refused_query = self.refused_query.or(other.refused_query);
        self
    }

    /// Puts the examples of the input into an error that shows what was sent.
    pub(super) fn show(&self, error: ApiError) -> ApiError {
        let body = self.body.as_ref().map(|body| body.example.to_string()).unwrap_or_default();
        let path = |name: &str| {
            let parameter = self.parameters.iter().find(|parameter| parameter.name == name);
            parameter.and_then(|it| json!(it).pointer("/example").cloned()).unwrap_or_default()
        };
        extract::show_what_was_sent(error, body.as_bytes(), path)
    }
}

impl BodyDoc {
    pub(super) fn request_body(&self) -> RequestBody {
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
    /// Adds a type and those that it refers to, and answers what refers to it.
    pub(super) fn add<T: ToSchema>(&mut self) -> RefOr<Schema> {
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

    pub(super) fn extend(&mut self, signature: Signature) {
        self.0.extend(signature.schemas.0);
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = (String, RefOr<Schema>)> {
        self.0.into_iter()
    }
}
