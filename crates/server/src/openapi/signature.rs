//! What a handler takes and answers, found out from its types.

use std::collections::BTreeMap;

use actix_web::{Handler, web::Json};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{
        Content, ContentBuilder, Ref, RefOr, Required, Schema,
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

/// What a handler takes and answers.
pub(crate) struct Signature {
    pub(crate) access: Access,
    pub(crate) input: InputDoc,
    pub(super) success: Content,
    schemas: Schemas,
}

/// What a request says beside its address and its credential.
pub(crate) enum InputDoc {
    Nothing,
    Query(Parameter),
    Body(BodyDoc),
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
    R: Success,
    H: Handler<(A,), Output = Result<Json<R>, ApiError>>,
{
    let mut schemas = Schemas::default();
    let schema = schemas.add::<R>();
    let input = A::Input::describe();
    if let InputDoc::Body(body) = &input {
        schemas.0.insert(body.name.to_owned(), body.schema.clone());
    }
    let success = ContentBuilder::new().schema(Some(schema)).example(Some(json!(R::example())));
    Signature { access: A::ACCESS, input, success: success.build(), schemas }
}

impl InputDoc {
    pub(crate) fn body<B: Body>() -> Self {
        Self::Body(BodyDoc {
            name: B::NAME,
            schema: extract::schema::<B>().into(),
            example: extract::example::<B>(),
            refusal: extract::refusal_example::<B>,
        })
    }

    /// Puts the example of the body into an error that shows what was sent.
    pub(super) fn show(&self, error: ApiError) -> ApiError {
        match self {
            Self::Body(body) => {
                extract::show_what_was_sent(error, body.example.to_string().as_bytes())
            }
            Self::Nothing | Self::Query(_) => error,
        }
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
