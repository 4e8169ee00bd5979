use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
};

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, web};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message;

type Batches = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

/// A trace collector on its own port.
pub(crate) struct Collector {
    pub(crate) url: String,
    batches: Batches,
    server: ServerHandle,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let batches = Batches::default();
        let kept = batches.clone();
        let app = move || {
            let kept = kept.clone();
            let keep = move |body: web::Bytes| {
                let batch = ExportTraceServiceRequest::decode(body).unwrap();
                kept.lock().unwrap().push(batch);
                async { HttpResponse::Ok().finish() }
            };
            App::new().route("/v1/traces", web::post().to(keep))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap();
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, batches, server: handle }
    }

    /// Returns all received spans, and the debug output of everything received.
    pub(crate) fn taken(&self) -> (Vec<Span>, String) {
        let batches = self.batches.lock().unwrap();
        let of_all = batches.iter().flat_map(|batch| &batch.resource_spans);
        let spans = of_all.flat_map(|of_one| &of_one.scope_spans).flat_map(|scope| &scope.spans);
        (spans.cloned().collect(), format!("{batches:?}"))
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// Returns an attribute of a span as text.
pub(crate) fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{name} is {other:?}"),
    }
}
