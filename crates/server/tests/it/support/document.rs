use std::{
    collections::{BTreeSet, HashMap},
    sync::{LazyLock, Mutex},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&doorward_server::openapi::json().unwrap()).unwrap());

/// Compiled schemas by operation and status, cached because compiling takes a while.
static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static Validator>>> =
    LazyLock::new(Mutex::default);

/// The OpenAPI document.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// An operation of the document, such as `POST /v1/auth/login`.
pub(crate) fn operation(name: &str) -> Option<&'static Value> {
    let (method, path) = name.split_once(' ').unwrap();
    let mut paths = document()["paths"].as_object().unwrap().iter();
    let (_, item) = paths.find(|(template, _)| is_of(path, template))?;
    item.get(method.to_lowercase())
}

/// Returns `true` if a path matches a template, as `/a/1` matches `/a/{id}`.
fn is_of(path: &str, template: &str) -> bool {
    let (path, template) = (path.split('/'), template.split('/'));
    path.clone().count() == template.clone().count()
        && path.zip(template).all(|(part, name)| part == name || name.starts_with('{'))
}

/// Returns the names of all operations.
pub(crate) fn operations() -> Vec<String> {
    let paths = document()["paths"].as_object().unwrap().iter();
    let names = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    names.collect()
}

/// Returns the documented error examples as operation, status, and name.
pub(crate) fn errors() -> BTreeSet<(String, u16, String)> {
    let mut errors = BTreeSet::new();
    for name in operations() {
        for (status, response) in operation(&name).unwrap()["responses"].as_object().unwrap() {
            let examples = &response["content"]["application/json"]["examples"];
            for example in examples.as_object().into_iter().flat_map(|it| it.keys()) {
                errors.insert((name.clone(), status.parse().unwrap(), example.clone()));
            }
        }
    }
    errors
}

/// Panics unless the document describes this response of an operation.
pub(super) fn check(name: &str, answer: &Answer) {
    let Some(operation) = operation(name) else { return };
    let status = answer.status.to_string();
    let response = &operation["responses"][&status];
    let description = response["description"].as_str();
    let description = description.unwrap_or_else(|| panic!("{name}: {status} is not documented"));
    assert!(!description.starts_with("Reserved:"), "{name} returned {status}: {}", answer.body);
    for header in response["headers"].as_object().into_iter().flat_map(|it| it.keys()) {
        assert!(answer.headers.contains_key(header), "{name}: {status} without {header}");
    }
    assert_eq!(answer.header("content-type"), "application/json");
    let schema = &response["content"]["application/json"]["schema"];
    if let Err(error) = validator(&format!("{name} {status}"), schema).validate(&answer.body) {
        panic!("{name}: {status} breaks its schema: {error}\n{}", answer.body);
    }
}

fn validator(key: &str, schema: &Value) -> &'static Validator {
    let mut known = VALIDATORS.lock().unwrap();
    known.entry(key.to_owned()).or_insert_with(|| {
        let mut schema = schema.clone();
        schema["components"] = document()["components"].clone();
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        Box::leak(Box::new(options.build(&schema).unwrap()))
    })
}

/// Panics unless the response equals the example in the document, except for variable values.
pub(crate) fn assert_is_example(name: &str, status: u16, example: &str, answer: &Answer) {
    let pointer = "/content/application~1json/examples";
    let examples = operation(name).unwrap()["responses"][status.to_string()].pointer(pointer);
    let expected = &examples.unwrap_or(&Value::Null)[example]["value"];
    assert!(expected.is_object(), "{name}: {status} has no example {example}");
    assert_eq!(answer.status, status, "{name} {example}: {}", answer.body);
    assert_eq!(essence(&answer.body), essence(expected), "{name} {example}");
}

/// Returns the parts that clients depend on. Errors that pydantic defines are compared by the test that triggers
/// the example.
fn essence(body: &Value) -> Value {
    let Some(detail) = body["detail"].as_array() else {
        let mut details = body["details"].clone();
        if details["retry_after"].is_u64() {
            details["retry_after"] = json!("some time");
        }
        return json!([body["error"], body["message"], body["status_code"], details]);
    };
    let own = |issue: &&Value| issue["loc"][1].is_string() && !is_pydantic(&issue["type"]);
    let own: Vec<Value> =
        detail.iter().filter(own).map(|issue| json!([issue["type"], issue["loc"]])).collect();
    json!(own)
}

fn is_pydantic(kind: &Value) -> bool {
    let types = document()["components"]["x-errors"]["types"].as_array().unwrap();
    types.iter().any(|row| row["name"] == *kind && row["pydantic"] == true)
}
