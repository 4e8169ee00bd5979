//! Query and path parameters.

use actix_web::HttpRequest;
use doorward_domain::pagination::{PageQuery, PageSize};
use serde_json::{Value, json};
use url::form_urlencoded;
use utoipa::openapi::{
    KnownFormat, ObjectBuilder, Required, SchemaFormat,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::Type,
};
use uuid::Uuid;

use super::{NotEmpty, admission, text::Text};
use crate::http::{
    describe::InputDoc,
    error::{ApiError, Input, ValidationError, catalog},
};

/// Returns a query parameter. If it is repeated, the last value counts.
pub(crate) fn query_parameter(query: &str, name: &str) -> Option<String> {
    let parameters = form_urlencoded::parse(query.as_bytes());
    parameters.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
}

/// Returns a required query parameter.
pub(crate) fn required_query(query: &str, name: &str) -> Result<NotEmpty, ApiError> {
    let loc = vec![json!("query"), json!(name)];
    let Some(value) = query_parameter(query, name) else {
        return Err(ValidationError::new(loc, &catalog::MISSING, "Field required").into());
    };
    let parsed = NotEmpty::parse(&value);
    parsed.map_err(|error| ValidationError::field(name, &error).at(loc).into())
}

/// The requested page of a list: `limit` and `cursor`.
pub(crate) struct PageParams<Id>(pub(crate) PageQuery<Id>);

impl<Id: From<Uuid> + 'static> admission::Input for PageParams<Id> {
    fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
        let page = page(request.query_string())?;
        Ok(Self(PageQuery { limit: page.limit, after: page.after.map(Id::from) }))
    }

    fn describe() -> InputDoc {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(PageSize::MIN))
            .maximum(Some(PageSize::MAX))
            .default(Some(json!(PageSize::DEFAULT.get())));
        let limit =
            optional("limit", "The maximum number of items in the page.").schema(Some(number));
        let about = "The `next_cursor` of the previous page; omit it for the first page.";
        let cursor = optional("cursor", about).schema(Some(uuid()));
        let parameters = [limit.build(), cursor.build()];
        InputDoc::parameters(parameters).refused_as(|| page("limit=0&cursor=x").err())
    }
}

pub(super) fn page(query: &str) -> Result<PageQuery<Uuid>, ApiError> {
    let limit = query_parameter(query, "limit").map(|text| limit(&text)).transpose();
    let after = query_parameter(query, "cursor").map(|text| cursor(&text)).transpose();
    match (limit, after) {
        (Ok(limit), Ok(after)) => {
            Ok(PageQuery { limit: limit.unwrap_or(PageSize::DEFAULT), after })
        }
        (limit, after) => {
            let issues = limit.err().into_iter().chain(after.err());
            Err(ApiError::Validation(issues.map(|issue| *issue).collect()))
        }
    }
}

fn optional(name: &str, description: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
}

fn uuid() -> ObjectBuilder {
    let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format))
}

fn limit(text: &str) -> Result<PageSize, Box<ValidationError>> {
    let at = || vec![json!("query"), json!("limit")];
    let shown = || Input::Value(json!(text));
    let number: i64 = text.trim().parse().map_err(|_| {
        let msg = "Input should be a valid integer, unable to parse string as an integer";
        Box::new(ValidationError::new(at(), &catalog::INT_PARSING, msg).with_input(shown()))
    })?;
    let limit = PageSize::new(number);
    limit.map_err(|error| {
        Box::new(ValidationError::field("limit", &error).at(at()).with_input(shown()))
    })
}

fn cursor(text: &str) -> Result<Uuid, Box<ValidationError>> {
    Uuid::try_parse(text).map_err(|error| {
        let at = vec![json!("query"), json!("cursor")];
        let msg = format!("Input should be a valid UUID, {error}");
        let issue = ValidationError::new(at, &catalog::UUID_PARSING, msg)
            .with_input(Input::Value(json!(text)))
            .with_ctx(json!({ "error": error.to_string() }));
        Box::new(issue)
    })
}

/// Returns a path parameter. The use case checks whether it is the ID of anything.
pub(crate) fn path_parameter(request: &HttpRequest, name: &str) -> String {
    request.match_info().get(name).unwrap_or_default().to_owned()
}

/// Documents a path parameter that is an ID.
pub(crate) fn id_in_path(name: &str, description: &str, example: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(uuid()))
        .example(Some(Value::from(example)))
        .build()
}
