//! The HTTP endpoints of the service.

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::Server,
    error::{ErrorInternalServerError, ErrorTooManyRequests, ErrorUnauthorized},
    http::header::AUTHORIZATION,
    web::{self, Data, Json},
};
use doorward_application::{
    Application, Caller,
    access::authenticate::AuthenticateError,
    account::register::{RegisterCommand, RegisterError},
    sign_in::{
        complete::SignedIn,
        password::{LoginCommand, LoginError},
    },
};
use doorward_domain::{
    UserId,
    account::{email::EmailAddress, username::Username},
    credential::password::{NewPassword, Password},
    request_context::RequestContext,
};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;

/// The notes of all users, in memory only, since this is an example.
type Notes = Mutex<HashMap<UserId, Vec<String>>>;

struct Service {
    accounts: Arc<Application>,
    notes: Notes,
    runtime: Handle,
}

/// Creates the server on a bound socket. Call it on the multi-thread runtime that the use cases run on.
///
/// # Errors
/// The socket is unusable.
pub fn server(accounts: Arc<Application>, listener: TcpListener) -> io::Result<Server> {
    let (notes, runtime) = (Notes::default(), Handle::current());
    let service = Data::new(Service { accounts, notes, runtime });
    let app = move || {
        App::new()
            .app_data(service.clone())
            .route("/sign-up", web::post().to(sign_up))
            .route("/sign-in", web::post().to(sign_in))
            .route("/notes", web::get().to(list))
            .route("/notes", web::post().to(add))
    };
    Ok(HttpServer::new(app).workers(2).listen(listener)?.run())
}

impl Service {
    /// Runs a use case on its own task, so that a client that disconnects doesn't cancel it halfway.
    async fn run<T: Send + 'static>(
        &self,
        use_case: impl Future<Output = T> + Send + 'static,
    ) -> actix_web::Result<T> {
        self.runtime.spawn(use_case).await.map_err(ErrorInternalServerError)
    }

    /// Returns the caller of a request: its session, account, and role are loaded for each request.
    async fn caller(&self, request: &HttpRequest) -> actix_web::Result<Caller> {
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let (token, client, accounts) = (token.to_owned(), client(request)?, self.accounts.clone());
        let found =
            self.run(async move { accounts.access.authenticate.run(&token, client).await }).await?;
        found.map_err(|error| match error {
            AuthenticateError::Rejected => ErrorUnauthorized(error),
            AuthenticateError::Failure(_) => ErrorInternalServerError(error),
        })
    }
}

fn client(request: &HttpRequest) -> actix_web::Result<RequestContext> {
    let peer = request.peer_addr().ok_or_else(|| ErrorInternalServerError("no peer"))?;
    Ok(RequestContext {
        ip: peer.ip(),
        is_forwarded: false,
        user_agent: None,
        request_id: String::new(),
    })
}

#[derive(Deserialize)]
struct SignUp {
    email: String,
    name: String,
    password: String,
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    password: String,
}

#[derive(Serialize)]
struct Tokens {
    access: String,
    refresh: String,
}

impl From<SignedIn> for Tokens {
    fn from(signed_in: SignedIn) -> Self {
        let pair = signed_in.tokens;
        Self {
            access: pair.access.token.expose().to_owned(),
            refresh: pair.refresh.expose().to_owned(),
        }
    }
}

async fn sign_up(
    service: Data<Service>,
    request: HttpRequest,
    Json(input): Json<SignUp>,
) -> actix_web::Result<HttpResponse> {
    let command = (
        EmailAddress::parse(&input.email).map_err(|error| error.to_string()),
        Username::parse(&input.name).map_err(|error| error.to_string()),
        NewPassword::parse(&input.password).map_err(|error| error.to_string()),
    );
    let (email, username, password) = match command {
        (Ok(email), Ok(username), Ok(password)) => (email, username, password),
        (email, name, password) => {
            let problems = [email.err(), name.err(), password.err()];
            return Ok(HttpResponse::UnprocessableEntity().json(problems));
        }
    };
    let client = client(&request)?;
    let command =
        RegisterCommand { email, username, password, full_name: None, invite_token: None, client };
    let accounts = service.accounts.clone();
    match service.run(async move { accounts.account.register.run(command).await }).await? {
        Ok(signed_in) => Ok(HttpResponse::Created().json(Tokens::from(signed_in))),
        Err(RegisterError::Refused(issues)) => {
            Ok(HttpResponse::UnprocessableEntity().body(format!("{issues:?}")))
        }
        Err(error) => Err(ErrorInternalServerError(error)),
    }
}

async fn sign_in(
    service: Data<Service>,
    request: HttpRequest,
    Json(input): Json<SignIn>,
) -> actix_web::Result<Json<Tokens>> {
    let command = LoginCommand {
        name: input.name,
        password: Password::new(&input.password),
        device_token: None,
        client: client(&request)?,
        over_limit: None,
    };
    let accounts = service.accounts.clone();
    let signed_in =
        service.run(async move { accounts.sign_in.password.run(command).await }).await?;
    let signed_in = signed_in.map_err(|error| match error {
        LoginError::Rejected | LoginError::Forbidden(_) => ErrorUnauthorized(error),
        LoginError::TooManyFailures(_) => ErrorTooManyRequests(error),
        LoginError::Failure(_) => ErrorInternalServerError(error),
    })?;
    Ok(Json(signed_in.into()))
}

async fn list(
    service: Data<Service>,
    request: HttpRequest,
) -> actix_web::Result<Json<Vec<String>>> {
    let caller = service.caller(&request).await?;
    let notes = service.notes.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Json(notes.get(&caller.user.id).cloned().unwrap_or_default()))
}

async fn add(
    service: Data<Service>,
    request: HttpRequest,
    note: String,
) -> actix_web::Result<HttpResponse> {
    let caller = service.caller(&request).await?;
    let mut notes = service.notes.lock().unwrap_or_else(PoisonError::into_inner);
    notes.entry(caller.user.id).or_default().push(note);
    Ok(HttpResponse::NoContent().finish())
}
