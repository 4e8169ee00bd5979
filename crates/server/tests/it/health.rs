use serde_json::json;

use crate::support::{TestApp, on_both};

on_both! {
    async fn the_server_lives_and_is_ready(backend) {
        let app = TestApp::start(backend).await;
        assert_eq!(app.get("/healthz").send().await.ok(), json!({ "status": "ok" }));
        assert_eq!(app.get("/readyz").send().await.ok(), json!({ "status": "ready" }));
        assert_eq!(app.call(reqwest::Method::HEAD, "/readyz").send().await.status, 200);
        let wrong = app.post("/readyz").send().await;
        wrong.error(405, "METHOD_NOT_ALLOWED");
        assert_eq!(wrong.header("allow"), "GET, HEAD");
    }

    async fn a_server_that_is_about_to_stop_is_not_ready_and_still_serves(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.state.start_draining();
        assert_eq!(app.get("/readyz").send().await.status, 503);
        app.get("/healthz").send().await.ok();
        app.me(&ann.access).await.ok();
    }
}
