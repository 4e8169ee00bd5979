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
use crate::{
    error::ApiError,
    extract::Input,
    openapi::{Answer, InputDoc, Success, text_header},
};

/// The header that a device token travels in, both ways.
const DEVICE_TOKEN: &str = "Device-Token";

/// The device token that a request has, if it has one.
pub(crate) struct DeviceToken(pub(crate) Option<String>);

impl Input for DeviceToken {
    fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
        let header = request.headers().get(DEVICE_TOKEN);
        Ok(Self(header.and_then(|value| value.to_str().ok()).map(str::to_owned)))
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
            "The `Device-Token` of this client's last sign-in, registration, or password reset. With it, wrong passwords that \
             others give for the account do not count against this client. An invalid one is ignored.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(Some(example::DEVICE_TOKEN.into()))
        .build()
}

/// An answer with a device token, for the client to keep.
pub(crate) struct WithDeviceToken<T>(pub(crate) T, pub(crate) PlainToken);

impl<T: Success> Responder for WithDeviceToken<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = Json(self.0).respond_to(request).map_into_boxed_body();
        // A token is Base64, which any header can hold.
        if let Ok(token) = HeaderValue::from_str(self.1.expose()) {
            response.headers_mut().insert(HeaderName::from_static("device-token"), token);
        }
        response
    }
}

impl<T: Success> Answer for WithDeviceToken<T> {
    type Body = T;

    fn headers() -> Vec<(&'static str, Header)> {
        let about = "Shows at later sign-ins that the account knows this client: keep it, also after a sign-out, and send it \
            along. It opens nothing.";
        vec![(DEVICE_TOKEN, text_header(about))]
    }
}
