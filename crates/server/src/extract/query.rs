//! Parameters of the query and of the path.

use actix_web::HttpRequest;
use doorward_domain::page::{PageLimit, PageRequest};
use serde_json::{Value, json};
use url::form_urlencoded;
use utoipa::openapi::{
    KnownFormat, ObjectBuilder, Required, SchemaFormat,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::Type,
};
use uuid::Uuid;

use super::{NotEmpty, admission, text::Text};
use crate::{
    error::{ApiError, Input, Issue, catalog},
    openapi::InputDoc,
};

/// A parameter of the query. Of several the last one counts.
pub(crate) fn query_parameter(query: &str, name: &str) -> Option<String> {
    let parameters = form_urlencoded::parse(query.as_bytes());
    parameters.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
}

/// A parameter of the query that has to be there.
pub(crate) fn required_query(query: &str, name: &str) -> Result<NotEmpty, ApiError> {
    let loc = vec![json!("query"), json!(name)];
    let Some(value) = query_parameter(query, name) else {
        return Err(Issue::new(loc, &catalog::MISSING, "Field required").into());
    };
    let parsed = NotEmpty::parse(&value);
    parsed.map_err(|error| Issue::field(name, &error).at(loc).into())
}

/// Which page of a list is asked for: `limit` and `cursor`.
pub(crate) struct PageQuery<Id>(pub(crate) PageRequest<Id>);

impl<Id: From<Uuid> + 'static> admission::Input for PageQuery<Id> {
    fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
        let page = page(request.query_string())?;
        Ok(Self(PageRequest { limit: page.limit, after: page.after.map(Id::from) }))
    }

    fn describe() -> InputDoc {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(PageLimit::MIN))
            .maximum(Some(PageLimit::MAX))
            .default(Some(json!(PageLimit::DEFAULT.get())));
        let limit = optional("limit", "How many items a page may have.").schema(Some(number));
        let about = "`next_cursor` of the page before; without it, the first page.";
        let cursor = optional("cursor", about).schema(Some(uuid()));
        let parameters = [limit.build(), cursor.build()];
        InputDoc::parameters(parameters).refused_as(|| page("limit=0&cursor=x").err())
    }
}

pub(super) fn page(query: &str) -> Result<PageRequest<Uuid>, ApiError> {
    let limit = query_parameter(query, "limit").map(|text| limit(&text)).transpose();
    let after = query_parameter(query, "cursor").map(|text| cursor(&text)).transpose();
    match (limit, after) {
        (Ok(limit), Ok(after)) => {
            Ok(PageRequest { limit: limit.unwrap_or(PageLimit::DEFAULT), after })
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

fn limit(text: &str) -> Result<PageLimit, Box<Issue>> {
    let at = || vec![json!("query"), json!("limit")];
    let shown = || Input::Value(json!(text));
    let number: i64 = text.trim().parse().map_err(|_| {
        let msg = "Input should be a valid integer, unable to parse string as an integer";
        Box::new(Issue::new(at(), &catalog::INT_PARSING, msg).with_input(shown()))
    })?;
    let limit = PageLimit::new(number);
    limit.map_err(|error| Box::new(Issue::field("limit", &error).at(at()).with_input(shown())))
}

fn cursor(text: &str) -> Result<Uuid, Box<Issue>> {
    Uuid::try_parse(text).map_err(|error| {
        let at = vec![json!("query"), json!("cursor")];
        let msg = format!("Input should be a valid UUID, {error}");
        let issue = Issue::new(at, &catalog::UUID_PARSING, msg)
            .with_input(Input::Value(json!(text)))
            .with_ctx(json!({ "error": error.to_string() }));
        Box::new(issue)
    })
}

/// A part of the path. Whether it is the id of anything is the use case's to say.
pub(crate) fn path_parameter(request: &HttpRequest, name: &str) -> String {
    request.match_info().get(name).unwrap_or_default().to_owned()
}

/// What the documentation says of a part of the path that is an id.
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
