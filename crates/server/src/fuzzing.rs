//! What has to hold of requests, import lines and configuration files, whatever is in them: the properties
//! of the fuzz targets, which the tests run over the corpora.

pub use crate::{
    cli::import_lines,
    config::fuzzing::configurations,
    extract::fuzzing::{bodies, client_addresses, page_queries},
};

#[cfg(test)]
mod tests {
    use doorward_corpus::replay;

    #[test]
    fn a_body_is_refused_in_the_documented_shape_and_without_its_secrets() {
        replay("bodies", super::bodies);
    }

    #[test]
    fn a_page_query_names_a_page_or_is_refused_in_the_documented_shape() {
        replay("page_queries", super::page_queries);
    }

    #[test]
    fn only_trusted_proxies_say_where_a_client_is() {
        replay("client_addresses", super::client_addresses);
    }

    #[test]
    fn a_line_of_an_import_can_be_stored_or_is_refused_without_its_hash() {
        replay("import_lines", super::import_lines);
    }

    #[test]
    fn a_configuration_is_refused_without_its_secrets() {
        replay("configurations", super::configurations);
    }
}
