use serde_json::json;
use url::form_urlencoded;

use crate::error::{ApiError, Issue};
use doorward_domain::field::{FieldError, check_length};

/// A query parameter that has to be there and not empty. Of several the last one counts.
pub(crate) fn required_query(query: &str, name: &str) -> Result<String, ApiError> {
    let loc = vec![json!("query"), json!(name)];
    let parameters = form_urlencoded::parse(query.as_bytes());
    let Some((_, value)) = parameters.filter(|(key, _)| key == name).last() else {
        return Err(ApiError::Validation(vec![Issue::new(loc, "missing", "Field required")]));
    };
    let not_empty: Result<(), FieldError> = check_length(&value, 1, usize::MAX);
    match not_empty {
        Ok(()) => Ok(value.into_owned()),
        Err(error) => Err(ApiError::Validation(vec![Issue::field(name, &error).at(loc)])),
    }
}
