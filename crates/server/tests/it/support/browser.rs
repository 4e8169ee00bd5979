use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use doorward_server::config::Options;
use reqwest::{Method, header, redirect::Policy};

use super::{Backend, PASSWORD, TestApp};

/// A browser without scripts, which keeps cookies.
pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    language: &'static str,
}

/// A response to a browser.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) html: String,
}

/// The fields of a form.
pub(crate) type Fields<'a> = &'a [(&'a str, &'a str)];

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { app, client, cookies: Mutex::default(), language: "en" }
    }

    pub(crate) fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// A browser in which the user has just signed in.
    pub(crate) async fn signed_in(app: &'a TestApp, name: &str) -> Self {
        let browser = Self::new(app);
        browser.sign_in(name, PASSWORD).await.redirects_to("/account");
        browser
    }

    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Page {
        self.submit("/sign-in", &[("username", name), ("password", password)]).await
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.get_with(&[], path).await
    }

    pub(crate) async fn get_with(&self, said: &[(&str, &str)], path: &str) -> Page {
        self.send(Method::GET, path, said, &[]).await
    }

    /// Submits a form from the server's own page.
    pub(crate) async fn submit(&self, path: &str, fields: Fields<'_>) -> Page {
        self.submit_from(&[("sec-fetch-site", "same-origin")], path, fields).await
    }

    /// Confirms an email address with the account's password, in a browser that was never signed in to the account.
    pub(crate) async fn confirm(&self, token: &str) -> Page {
        self.submit("/verify-email", &[("token", token), ("current_password", PASSWORD)]).await
    }

    /// Submits a form with these request headers.
    pub(crate) async fn submit_from(
        &self,
        said: &[(&str, &str)],
        path: &str,
        fields: Fields<'_>,
    ) -> Page {
        self.send(Method::POST, path, said, fields).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        said: &[(&str, &str)],
        fields: Fields<'_>,
    ) -> Page {
        let mut request = self.client.request(method.clone(), self.app.url(path));
        request = request.header(header::ACCEPT_LANGUAGE, self.language);
        for (name, value) in said {
            request = request.header(*name, *value);
        }
        let cookies = self.cookies();
        if !cookies.is_empty() {
            let pairs: Vec<_> = cookies.iter().map(|(name, it)| format!("{name}={it}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if method == Method::POST {
            request = request.form(fields);
        }
        let response = request.send().await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            self.keep(set.to_str().unwrap());
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Page { status, headers, html: response.text().await.unwrap() }
    }

    fn keep(&self, set: &str) {
        let mut parts = set.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let is_over = parts.any(|part| part == "Max-Age=0");
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        if is_over {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Returns the browser's cookies.
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Removes a cookie, as if it had expired.
    pub(crate) fn lose(&self, name: &str) {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).remove(name).unwrap();
    }
}

impl Page {
    /// Asserts that an HTML page with this status was returned.
    #[track_caller]
    pub(crate) fn shown(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.html);
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
        assert!(self.html.starts_with("<!doctype html>"), "{}", self.html);
        self
    }

    /// Asserts a redirect to `path`.
    #[track_caller]
    pub(crate) fn redirects_to(&self, path: &str) {
        assert_eq!((self.status, self.header("location")), (303, path), "{}", self.html);
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.html.contains(text), "{text} is not in {}", self.html);
        self
    }

    #[track_caller]
    pub(crate) fn omits(self, text: &str) -> Self {
        assert!(!self.html.contains(text), "{text} is in {}", self.html);
        self
    }

    /// Returns the error shown at a field.
    #[track_caller]
    pub(crate) fn error(&self, field: &str) -> &str {
        let begin = format!("id=\"{field}-error\">");
        let (_, rest) = self.html.split_once(&begin).unwrap_or_else(|| panic!("{}", self.html));
        rest.split_once('<').unwrap().0
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().unwrap()
    }
}

impl TestApp {
    /// Starts a server with an `https` public URL.
    pub(crate) async fn start_public(backend: Backend) -> Self {
        let public_url = Some("https://auth.example.com".to_owned());
        Self::start_with(backend, Options { public_url, ..Options::default() }).await
    }
}
