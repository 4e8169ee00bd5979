use serde_json::json;
use url::form_urlencoded;

use super::{NotEmpty, text::Text};
use crate::error::{ApiError, Issue, catalog};

/// A query parameter that has to be there. Of several the last one counts.
pub(crate) fn required_query(query: &str, name: &str) -> Result<NotEmpty, ApiError> {
    let loc = vec![json!("query"), json!(name)];
    let parameters = form_urlencoded::parse(query.as_bytes());
    let Some((_, value)) = parameters.filter(|(key, _)| key == name).last() else {
        let missing = Issue::new(loc, &catalog::MISSING, "Field required");
        return Err(ApiError::Validation(vec![missing]));
    };
    let parsed = NotEmpty::parse(&value);
    parsed.map_err(|error| ApiError::Validation(vec![Issue::field(name, &error).at(loc)]))
}
