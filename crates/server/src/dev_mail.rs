//! The mailbox for development: the mails that went to files, for people and for end-to-end tests.
//!
//! It holds links that open accounts, so it is there only while mails go to files, and only for
//! clients on this machine. It is no part of the API.

use std::{fmt::Write, net::IpAddr};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType, HeaderName},
    web,
};
use doorward_adapters::mail::FiledMail;
use serde::Serialize;
use url::{Host, Url};

use crate::{error::ApiError, state::State};

/// Nothing is loaded and nothing runs. Mails bring their looks along.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}\
     article{border:1px solid #8888;border-radius:.5rem;padding:0 1rem;margin:1rem 0}\
     pre{white-space:pre-wrap;overflow-wrap:anywhere}small{color:#888}";

/// What proxies add: a request that has one of these comes from elsewhere.
const ADDED_BY_PROXIES: [HeaderName; 6] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

#[derive(Serialize)]
struct Mailbox {
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

impl From<FiledMail> for Mail {
    fn from(mail: FiledMail) -> Self {
        let FiledMail { file, to, subject, date, text, html, link } = mail;
        Self { file, to, subject, date, text, html, link }
    }
}

/// The mails as they look, with their links.
pub(crate) async fn page(
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let mails = mails(&request, &state).await?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .body(render(&mails)))
}

/// The mails for tests.
pub(crate) async fn list(
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let mails = mails(&request, &state).await?.into_iter().map(Mail::from).collect();
    Ok(HttpResponse::Ok().json(Mailbox { mails }))
}

async fn mails(request: &HttpRequest, state: &State) -> Result<Vec<FiledMail>, ApiError> {
    match &state.mailbox {
        Some(mailbox) if is_from_here(request) => {
            let mailbox = mailbox.clone();
            let read = async move { mailbox.newest().await.map_err(ApiError::internal) };
            state.run(|_| read).await
        }
        _ => Err(ApiError::NotFound),
    }
}

/// Whether the client is on this machine, and asks this machine: a page of elsewhere may have a name
/// that leads here (DNS rebinding), and a proxy on this machine may stand for anybody.
fn is_from_here(request: &HttpRequest) -> bool {
    let peer = request.peer_addr().is_some_and(|peer| is_loopback(peer.ip()));
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    peer && host.is_some_and(names_this_machine)
        && !ADDED_BY_PROXIES.iter().any(|name| headers.contains_key(name))
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn names_this_machine(host: &str) -> bool {
    match Url::parse(&format!("http://{host}")).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => is_loopback(address.into()),
        Some(Host::Ipv6(address)) => is_loopback(address.into()),
        None => false,
    }
}

fn render(mails: &[FiledMail]) -> String {
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mail</title>\
         <style>{STYLE}</style></head><body><h1>Mail</h1>\
         <p>What this server would have sent, the newest first. With another \
         <code>mail_url</code> it sends it, and this page is gone.</p>"
    );
    if mails.is_empty() {
        page.push_str("<p>There is none yet.</p>");
    }
    for mail in mails {
        // Writing to a text can't fail.
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

/// The HTML part, which is made of templates that escape what people write; or else the text.
fn body(mail: &FiledMail) -> String {
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

    #[test]
    fn only_names_of_this_machine_are() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "a.localhost"] {
            assert!(names_this_machine(host), "{host}");
        }
        for host in ["", "example.com", "localhost.example.com", "192.0.2.7", "127.0.0.1.example"] {
            assert!(!names_this_machine(host), "{host}");
        }
    }

    #[test]
    fn what_people_write_is_no_markup() {
        let evil = "<script>\"'&".to_owned();
        let mail = FiledMail {
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
