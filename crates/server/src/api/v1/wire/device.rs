use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::header::{HeaderName, HeaderValue},
    web::Json,
};
use doorward_domain::token::PlainToken;
use utoipa::openapi::{
    Header, ObjectBuilder, Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::Type,
};

use super::example;
use crate::http::{
    describe::{InputDoc, ResponseDoc, Success, text_header},
    error::ApiError,
    request::{DEVICE_TOKEN, Input, device_token},
};

/// The device token of a request, if it has one.
pub(crate) struct DeviceToken(pub(crate) Option<String>);

impl Input for DeviceToken {
    fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
        Ok(Self(device_token(request).map(str::to_owned)))
    }

    fn describe() -> InputDoc {
        InputDoc::parameters([parameter()])
    }
}

fn parameter() -> Parameter {
    ParameterBuilder::new()
        .name(DEVICE_TOKEN)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The `Device-Token` of this client's last sign-in, registration, or password reset. With it, failed attempts by \
             other clients on the account do not count against this client. An invalid token is ignored.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(Some(example::DEVICE_TOKEN.into()))
        .build()
}

/// A response with a device token, which the client stores.
pub(crate) struct WithDeviceToken<T>(pub(crate) T, pub(crate) PlainToken);

impl<T: Success> Responder for WithDeviceToken<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = Json(self.0).respond_to(request).map_into_boxed_body();
        // A token is Base64, which is valid in a header.
        if let Ok(token) = HeaderValue::from_str(self.1.expose()) {
            response.headers_mut().insert(HeaderName::from_static("device-token"), token);
        }
        response
    }
}

impl<T: Success> ResponseDoc for WithDeviceToken<T> {
    type Body = T;

    fn headers() -> Vec<(&'static str, Header)> {
        let about = "Identifies this client as known to the account at later sign-ins. Store it, even after a sign-out, and \
            send it with each sign-in. It grants no access.";
        vec![(DEVICE_TOKEN, text_header(about))]
    }
}
