//! The development mailbox: shows the emails that were written to files, to developers and to end-to-end tests.
//!
//! It contains links that give access to accounts. It exists only if messages are written to files and the configured
//! URLs point to this machine. Whether a request looks local doesn't decide this, because a reverse proxy on this machine
//! can make every request look local. The mailbox is not part of the API.

use std::{fmt::Write, path::Path, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, guard,
    http::header::{self, ContentType, HeaderName},
    web,
};
use doorward_adapters::mail::{FileMailbox, StoredEmail};
use doorward_domain::loopback::is_loopback;
use serde::Serialize;
use url::{Host, Url};

use crate::{
    config::{Config, ListenAddress},
    http::{error::ApiError, state::State},
    observability::metrics::Pattern,
    routes::not_allowed,
};

/// Nothing is loaded and nothing runs. Emails have inline styles.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}\
     article{border:1px solid #8888;border-radius:.5rem;padding:0 1rem;margin:1rem 0}\
     pre{white-space:pre-wrap;overflow-wrap:anywhere}small{color:#888}";

/// Headers that proxies add. A request with one of these may come from another machine.
const ADDED_BY_PROXIES: [HeaderName; 6] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

/// The messages of a server that only its developer uses.
#[derive(Debug)]
pub(crate) struct Mailbox {
    files: Arc<FileMailbox>,
    /// The hosts by which browsers on this machine may reach the server.
    hosts: Vec<Host>,
}

impl Mailbox {
    /// Returns `None` if users on other machines use the server.
    pub(crate) fn new(folder: &Path, config: &Config) -> Option<Self> {
        if config.is_public() {
            return None;
        }
        let listen = match &config.listen {
            ListenAddress::Tcp { host, .. } => host.to_string(),
            ListenAddress::Unix(_) => String::new(),
        };
        let hosts = [config.settings.public_url.host(), &listen, "localhost", "127.0.0.1", "[::1]"];
        let hosts = hosts.iter().filter_map(|host| Host::parse(host).ok());
        let hosts = hosts.filter(is_loopback).collect();
        Some(Self { files: Arc::new(FileMailbox::new(folder.to_owned())), hosts })
    }

    /// Returns `true` if the client is on this machine and the request is for this server. The page of another site may
    /// have a name that resolves to this machine (DNS rebinding), and a proxy on this machine may forward requests of
    /// clients elsewhere.
    fn is_for(&self, request: &HttpRequest) -> bool {
        let headers = request.headers();
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let mut hosts = headers.get_all(header::HOST);
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().ok().and_then(host_of),
            _ => None,
        };
        peer.is_some_and(|peer| peer.is_loopback())
            && host.is_some_and(|host| self.hosts.contains(&host))
            && !ADDED_BY_PROXIES.iter().any(|name| headers.contains_key(name))
    }
}

/// Returns the host of a `Host` header.
fn host_of(header: &str) -> Option<Host> {
    if header.contains(|c: char| "/?#@\\".contains(c)) {
        return None;
    }
    Url::parse(&format!("http://{header}")).ok()?.host().map(|host| host.to_owned())
}

/// Registers the routes of the mailbox.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let look = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    for (path, route) in [("/dev/mail", look().to(page)), ("/dev/mail.json", look().to(list))] {
        let resource = web::resource(path).app_data(Pattern(path)).route(route);
        config.service(resource.default_service(not_allowed("GET, HEAD".to_owned())));
    }
}

#[derive(Serialize)]
struct Listed {
    mails: Vec<Mail>,
}

#[derive(Serialize)]
struct Mail {
    file: String,
    to: String,
    subject: String,
    date: Option<String>,
    text: String,
    html: Option<String>,
    link: Option<String>,
}

impl From<StoredEmail> for Mail {
    fn from(mail: StoredEmail) -> Self {
        let StoredEmail { file, to, subject, date, text, html, link } = mail;
        Self { file, to, subject, date, text, html, link }
    }
}

/// Shows the emails as HTML, with their links.
async fn page(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, ApiError> {
    let mails = messages(&request, &state).await?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .body(render(&mails)))
}

/// Returns the emails as JSON, for tests.
async fn list(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, ApiError> {
    let mails = messages(&request, &state).await?.into_iter().map(Mail::from).collect();
    Ok(HttpResponse::Ok().json(Listed { mails }))
}

async fn messages(request: &HttpRequest, state: &State) -> Result<Vec<StoredEmail>, ApiError> {
    match &state.mailbox {
        Some(mailbox) if mailbox.is_for(request) => {
            let files = mailbox.files.clone();
            let read = async move { files.newest().await.map_err(ApiError::internal) };
            state.run(|_| read).await
        }
        _ => Err(ApiError::NotFound),
    }
}

fn render(mails: &[StoredEmail]) -> String {
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mail</title>\
         <style>{STYLE}</style></head><body><h1>Mail</h1>\
         <p>Emails that this server would have sent, newest first. To send them, set \
          <code>mail.url</code> to a mail server; this page is then disabled.</p>"
    );
    if mails.is_empty() {
        page.push_str("<p>No emails yet.</p>");
    }
    for mail in mails {
        // Writing to a string can't fail.
        let _ = write!(
            page,
            "<article><h2>{}</h2><p><small>to {}, {}, {}</small></p>{}</article>",
            escape(&mail.subject),
            escape(&mail.to),
            escape(mail.date.as_deref().unwrap_or_default()),
            escape(&mail.file),
            body(mail),
        );
    }
    page.push_str("</body></html>\n");
    page
}

/// Returns the HTML part, whose templates escape user input, or else the escaped text part.
fn body(mail: &StoredEmail) -> String {
    if let Some(html) = &mail.html {
        return html.clone();
    }
    let link = mail.link.as_ref().map(|link| {
        let link = escape(link);
        format!("<p><a href=\"{link}\">{link}</a></p>")
    });
    format!("<pre>{}</pre>{}", escape(&mail.text), link.unwrap_or_default())
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(toml: &str) -> Option<Mailbox> {
        let config = Config::new(toml::from_str(toml).unwrap()).unwrap();
        Mailbox::new(Path::new("mail"), &config)
    }

    #[test]
    fn mailbox_exists_only_if_all_configured_urls_are_local() {
        for (toml, expected) in [
            ("", true),
            ("public_url = 'http://localhost:8080'", true),
            ("public_url = 'http://auth.localhost:8080/base'", true),
            ("public_url = 'http://127.0.0.2:8080'", true),
            ("listen = '0.0.0.0:8080'\npublic_url = 'http://[::1]:8080'", true),
            ("public_url = 'http://192.168.1.7:8080'", false),
            ("public_url = 'http://0.0.0.0:8080'", false),
            ("public_url = 'https://auth.example.com'\nmail_url = 'file:mail'", false),
            ("frontend_url = 'https://app.example.com'", false),
        ] {
            assert_eq!(mailbox(toml).is_some(), expected, "{toml}");
        }
    }

    #[test]
    fn mailbox_accepts_only_local_host_headers_of_the_server() {
        use actix_web::test::TestRequest;
        let mailbox =
            mailbox("public_url = 'http://auth.localhost:8080'\nlisten = '127.0.0.2:0'").unwrap();
        let is_for = |hosts: &[&str], peer: &str| {
            let request = TestRequest::get().peer_addr(format!("{peer}:4711").parse().unwrap());
            let request = hosts.iter().fold(request, |it, host| it.append_header(("host", *host)));
            mailbox.is_for(&request.to_http_request())
        };
        for host in [
            "localhost",
            "localhost:8080",
            "127.0.0.1:9000",
            "[::1]:8080",
            "AUTH.localhost",
            "127.0.0.2",
        ] {
            assert!(is_for(&[host], "127.0.0.1"), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "192.0.2.7",
            "127.0.0.1.example",
            "evil.localhost",
            "127.0.0.3",
            "x@localhost",
            "localhost/x",
            "localhost?x",
            "localhost\\x",
        ] {
            assert!(!is_for(&[host], "127.0.0.1"), "{host}");
        }
        assert!(!is_for(&[], "127.0.0.1") && !is_for(&["localhost", "localhost"], "127.0.0.1"));
        assert!(!is_for(&["localhost"], "192.0.2.7") && is_for(&["localhost"], "[::1]"));
    }

    #[test]
    fn user_input_is_escaped_in_pages() {
        let evil = "<script>\"'&".to_owned();
        let mail = StoredEmail {
            file: evil.clone(),
            to: evil.clone(),
            subject: evil.clone(),
            date: None,
            text: evil.clone(),
            html: None,
            link: Some(evil.clone()),
        };
        let page = render(&[mail]);
        assert!(!page.contains(&evil) && !page.contains("<script"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;&quot;&#39;&amp;").count(), 6);
    }
}
