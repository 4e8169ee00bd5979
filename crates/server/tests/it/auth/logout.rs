use crate::support::{TestApp, on_both};

on_both! {
    async fn sign_out_revokes_both_tokens_at_once(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let body = app.post("/v1/auth/logout").bearer(&ann.access).send().await.ok();
        assert!(body.is_null());
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        let answer = app.refresh(&ann.refresh).await;
        assert_eq!(answer.error(401, "AUTHENTICATION_FAILED")["reason"], "session_revoked");
        let again = app.post("/v1/auth/logout").bearer(&ann.access).send().await;
        assert_eq!(again.header("www-authenticate"), r#"Bearer error="invalid_token""#);
    }
}
