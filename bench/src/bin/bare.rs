//! A minimal server for `GET /v1/auth/me`: the framework, the signature check, and one prepared statement over
//! connections that never wait for one another. It checks nothing else and has no logs or metrics: it measures a
//! limit, and is not a real server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed measurement is useless"
)]

use std::rc::Rc;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::header, web};
use clap::Parser;
use doorward_bench::Connection;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::Jwk};
use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

const SELECT: &str = "SELECT users.id, users.email, users.username, users.full_name, users.avatar_url, \
     users.bio, users.timezone, users.locale, users.preferences, users.settings, \
     users.created_at::text, users.updated_at::text, users.last_login_at::text, \
     users.default_org_id, users.disabled_at IS NULL, users.verified_at IS NOT NULL, memberships.role \
     FROM sessions JOIN users ON users.id = sessions.user_id \
     LEFT JOIN memberships ON memberships.user_id = sessions.user_id \
         AND memberships.org_id = sessions.org_id \
     WHERE sessions.id = $1";

#[derive(Parser)]
struct Arguments {
    /// Address to listen on
    #[arg(long)]
    listen: String,
    /// Server whose tokens are accepted, as host:port
    #[arg(long)]
    server: String,
    /// Database of that server
    #[arg(long)]
    database: String,
}

struct Bare {
    key: Rc<DecodingKey>,
    validation: Validation,
    database: Client,
    select: Statement,
}

#[derive(Deserialize)]
struct Claims {
    sid: Uuid,
}

/// The response of the API, field by field.
#[derive(Serialize)]
struct Me<'a> {
    user_id: Uuid,
    email: &'a str,
    username: &'a str,
    full_name: Option<&'a str>,
    auth_provider: &'a str,
    is_active: bool,
    is_verified: bool,
    roles: [Option<&'a str>; 1],
    avatar_url: Option<&'a str>,
    bio: Option<&'a str>,
    timezone: Option<&'a str>,
    locale: Option<&'a str>,
    preferences: &'a str,
    settings: &'a str,
    created_at: &'a str,
    updated_at: &'a str,
    last_login: Option<&'a str>,
    default_workspace_id: Option<Uuid>,
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let Arguments { listen, server, database } = Arguments::parse();
    let keys = Connection::open(&server).await.get("/.well-known/jwks.json").await;
    let jwk: Jwk = serde_json::from_value(keys["keys"][0].clone()).unwrap();
    let bare = HttpServer::new(move || {
        let (jwk, database) = (jwk.clone(), database.clone());
        App::new()
            .data_factory(move || connect(jwk.clone(), database.clone()))
            .route("/v1/auth/me", web::get().to(me))
    });
    println!("listens on {listen}");
    bare.workers(2).bind(listen)?.run().await
}

async fn connect(jwk: Jwk, database: String) -> Result<Bare, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(&database, NoTls).await?;
    actix_web::rt::spawn(connection);
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["doorward"]);
    let key = Rc::new(DecodingKey::from_jwk(&jwk).unwrap());
    Ok(Bare { key, validation, select: client.prepare(SELECT).await?, database: client })
}

async fn me(request: HttpRequest, bare: web::Data<Bare>) -> HttpResponse {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
    let token = header.and_then(|header| header.strip_prefix("Bearer ")).unwrap();
    let claims = jsonwebtoken::decode::<Claims>(token, &bare.key, &bare.validation).unwrap().claims;
    let row = bare.database.query_one(&bare.select, &[&claims.sid]).await.unwrap();
    HttpResponse::Ok().json(Me {
        user_id: row.get(0),
        email: row.get(1),
        username: row.get(2),
        full_name: row.get(3),
        auth_provider: "local",
        is_active: row.get(14),
        is_verified: row.get(15),
        roles: [row.get(16)],
        avatar_url: row.get(4),
        bio: row.get(5),
        timezone: row.get(6),
        locale: row.get(7),
        preferences: row.get(8),
        settings: row.get(9),
        created_at: row.get(10),
        updated_at: row.get(11),
        last_login: row.get(12),
        default_workspace_id: row.get(13),
    })
}
