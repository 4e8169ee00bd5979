use super::*;

fn normal(given: &str) -> String {
    given.parse::<OriginPattern>().map_or_else(|error| panic!("{error}"), |it| it.to_string())
}

fn problem(given: &str) -> String {
    match given.parse::<OriginPattern>() {
        Ok(pattern) => panic!("{given} is accepted as {pattern}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn website_origins_are_normalized() {
    for (given, origin) in [
        ("https://app.example.com", "https://app.example.com"),
        ("https://app.example.com/", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("http://app.example.com:80/", "http://app.example.com"),
        ("https://app.example.com:8443", "https://app.example.com:8443"),
        ("HTTPS://App.Example.COM", "https://app.example.com"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost", "http://localhost"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ("https://my_app.example.com", "https://my_app.example.com"),
    ] {
        assert_eq!(normal(given), origin);
        assert!(given.parse::<OriginPattern>().unwrap().matches(origin), "{given}");
    }
}

#[test]
fn origins_of_apps_are_accepted() {
    for origin in [
        "capacitor://localhost",
        "ionic://localhost",
        "tauri://localhost",
        "http://tauri.localhost",
        "app://-",
        "app://com.example.app",
        "app://",
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        "moz-extension://0f0c3f3a-6f5c-4a39-9d6b-3a1f7c0f7a2b",
    ] {
        assert_eq!(normal(origin), origin);
        assert!(origin.parse::<OriginPattern>().unwrap().matches(origin), "{origin}");
        assert_eq!(normal(&format!("{origin}/")), origin, "{origin}");
    }
    let safari: OriginPattern = "safari-web-extension://0F0C-3F3A".parse().unwrap();
    assert!(safari.matches("safari-web-extension://0f0c-3f3a"));
}

#[test]
fn unmatchable_origin_is_rejected_with_a_suggestion() {
    for (given, advice) in [
        ("app.example.com", "write https://app.example.com"),
        ("localhost:3000", "http://localhost:3000"),
        ("https://app.example.com/login", "write https://app.example.com"),
        ("https://app.example.com/?a", "write https://app.example.com"),
        ("https://app.example.com#a", "write https://app.example.com"),
        ("https://ann:pw@app.example.com", "write https://app.example.com"),
        ("wss://app.example.com:8443", "write https://app.example.com:8443"),
        ("ws://localhost:3000", "write http://localhost:3000"),
        ("capacitor://localhost/app", "write capacitor://localhost"),
        ("https://x.com/*", "write https://x.com"),
        ("https://*.x.com/*", "write https://*.x.com"),
        ("https:/x.com", "write https://x.com"),
        ("wss:/x.com", "write https://x.com"),
        ("htps:/x.com", "write https://x.com"),
        ("capacitor:/localhost", "write capacitor://localhost"),
        ("git:3000", "write https://git:3000"),
        ("httpd:3000", "write https://httpd:3000"),
        ("https//x.com", "write https://x.com"),
        ("https:x.com", "write https://x.com"),
        ("https:\\\\x.com", "write https://x.com"),
        ("https;//x.com", "write https://x.com"),
        ("http:/localhost:3000", "write http://localhost:3000"),
        ("HTTPS:/x.com", "write https://x.com"),
        ("://x", "write https://x"),
        ("//x.com", "write https://x.com"),
        ("https:///", "https://app.example.com"),
        ("https://https://x.com", "write https://x.com"),
        ("htps://x.com", "write https://x.com"),
        ("hhttp://x.com:81", "write http://x.com:81"),
        ("x.com/login", "write https://x.com, or http://x.com for"),
        ("https.example.com", "write https://https.example.com"),
        ("ftp://x.com", "write https://x.com"),
        ("FTP://x.com", "write https://x.com"),
        ("sftp://ann@x.com:22/home", "write https://x.com"),
        ("mailto:ann@x.com", "write https://x.com"),
        ("mailto://x.com", "write https://x.com"),
        ("https://app.example.com.", "write https://app.example.com"),
        ("https://app.example.com.:8443/", "write https://app.example.com:8443"),
        ("https://*.example.com.", "write https://*.example.com"),
        ("app.example.com.", "write https://app.example.com"),
        ("https://.example.com", "write https://*.example.com"),
        ("https://a..example.com", "is not an origin"),
        ("https://.", "is not an origin"),
        ("\"https://app.example.com\"", "remove them"),
        ("null", "http://localhost"),
        ("file://", "http://localhost"),
        ("file:///home/ann/index.html", "http://localhost"),
        ("https://", "https://app.example.com"),
        ("https://a b", "https://app.example.com"),
        ("https://a.example;", "https://app.example.com"),
        ("https://a.example:99999", "https://app.example.com"),
        ("http://localhost:*", "list each origin"),
        ("https://app-*.example.com", "list each origin"),
        ("https://*.*.example.com", "list each origin"),
        ("https://a.*.example.com", "list each origin"),
        ("https://*example.com", "list each origin"),
        ("*://app.example.com", "list each origin"),
        ("http://*.127.0.0.1", "list each origin"),
        ("http://192.168.1.*", "list each origin"),
        ("https://*.example.com/app", "write https://*.example.com"),
        ("chrome-extension://*", "websites that you don't control"),
    ] {
        let said = problem(given);
        let after = said.split_once(advice).map(|(_, after)| after);
        let is_more =
            advice.starts_with("write ") && after.is_some_and(|it| it.starts_with(['.', '/', ':']));
        assert!(after.is_some() && !is_more, "{given}: {said}");
    }
}

#[test]
fn patterns_that_match_unrelated_websites_are_rejected() {
    for given in [
        "*",
        "https://*",
        "https://*/",
        "https://*.*",
        "https://*.com",
        "https://*.co.uk",
        "https://*.github.io",
        "https://*.vercel.app",
        "https://*.netlify.app:8443",
        "https://*.COM",
        "https://*.com.",
    ] {
        assert!(problem(given).contains("that you don't control"), "{given}: {}", problem(given));
    }
}

#[test]
fn pattern_matches_all_subdomains_and_nothing_else() {
    let pattern: OriginPattern = "https://*.Example.com".parse().unwrap();
    assert_eq!(pattern.to_string(), "https://*.example.com");
    for origin in ["https://a.example.com", "https://a.b.example.com", "https://A.EXAMPLE.com"] {
        assert!(pattern.matches(origin), "{origin}");
    }
    for origin in [
        "https://example.com",
        "https://.example.com",
        "https://a..example.com",
        "https://evil-example.com",
        "https://example.com.evil.net",
        "https://a.example.com.evil.net",
        "http://a.example.com",
        "https://a.example.com:8443",
        "https://evil.net/.example.com",
        "https://evil.net:1.example.com",
        "https://evil.net@a.example.com",
        "https://é.example.com",
        "https://*.example.com",
        "null",
        "",
    ] {
        assert!(!pattern.matches(origin), "{origin}");
    }
    let with_port: OriginPattern = "http://*.localhost:5173".parse().unwrap();
    assert!(with_port.matches("http://a.localhost:5173"));
    assert!(!with_port.matches("http://a.localhost"));
    let own: OriginPattern = "https://*.my-team.vercel.app".parse().unwrap();
    assert!(own.matches("https://preview.my-team.vercel.app"));
}

#[test]
fn pattern_does_not_match_below_a_public_suffix() {
    let pattern: OriginPattern = "https://*.amazonaws.com".parse().unwrap();
    assert!(pattern.matches("https://console.amazonaws.com"));
    for (pattern, of_others) in [
        ("https://*.amazonaws.com", "https://mallory.s3.amazonaws.com"),
        ("https://*.run.app", "https://mallory.a.run.app"),
        ("https://*.run.app:8443", "https://mallory.a.run.app:8443"),
    ] {
        let pattern: OriginPattern = pattern.parse().unwrap();
        assert!(!pattern.matches(of_others), "{of_others}");
    }
}
