//! Properties that hold for all requests, import lines, and configuration files. They are the fuzz targets, and
//! the tests run them on the corpora.

pub use crate::{
    cli::import_lines,
    config::fuzzing::configurations,
    http::request::fuzzing::{bodies, client_addresses, page_queries},
};

#[cfg(test)]
mod tests {
    use doorward_corpus::replay;

    #[test]
    fn body_is_rejected_in_the_documented_shape_without_its_secrets() {
        replay("bodies", super::bodies);
    }

    #[test]
    fn page_query_is_valid_or_rejected_in_the_documented_shape() {
        replay("page_queries", super::page_queries);
    }

    #[test]
    fn only_trusted_proxies_can_name_the_client_address() {
        replay("client_addresses", super::client_addresses);
    }

    #[test]
    fn import_line_is_valid_or_rejected_without_showing_its_hash() {
        replay("import_lines", super::import_lines);
    }

    #[test]
    fn configuration_is_rejected_without_showing_its_secrets() {
        replay("configurations", super::configurations);
    }
}
