// Names that Rspamd 3.4 to 4 knows: sections, and the keys of each (of its subsections too), to tell "Rspamd has it,
// Sluice has not" from "there is no such thing". One section a line, or a few lines; names are facts.

const table = `
options: allow_raw_input cache_file check_all_filters classify_headers control_socket cores_dir cores_max_count
options: cores_max_size disable_hyperscan dns nameserver nameservers retransmits sockets connections timeout
options: dns_max_requests enable_dnssec fake_records hosts dns_timeout dns_retransmits dns_sockets dns_nameserver
options: disable_pcre_jit dynamic_conf explicit_modules filters fips_mode history_file history_rows hs_cache_dir
options: heartbeat_interval heartbeats_loss_max local_addrs local_networks max_cores_count max_cores_size
options: map_file_watch_multiplier map_watch_interval max_lua_urls max_message max_pic_size max_recipients max_urls
options: max_word_len max_sessions_cache max_opened_connections max_html_len max_blas_threads min_word_len
options: max_shots default_max_shots neighbours one_shot pidfile raw_mode re_cache_size rrd
options: soft_reject_on_timeout ssl_ca_path ssl_ciphers stats_file statlog_interval strict_protocol_headers tempdir
options: temp_dir task_timeout tld unknown_weight upstream max_errors error_time revive_time lazy_resolve_time
options: revive_jitter dead_time monitored upstream_max_errors upstream_error_time upstream_revive_time variables
options: url_tld use_mlock words_decay zstd_input_dictionary zstd_output_dictionary lang_detection languages
options: languages_disabled max_languages short_text_limit prefer_languages events_backend gtube_patterns
options: enable_test_patterns enable_experimental enable_url_rewrite subject events_poll check_timeout user group
options: public_groups_only enable_mime_utf allow_raw_headers ignore_received sessions_cache max_lua_urls map_timeout
options: lua_gc_step lua_gc_pause full_gc_iters gc_iterations ping_interval cache_max_age enable_sessions_cache
logging: type filename level log_format color debug_modules log_re_cache log_usec log_urls log_buffer log_buffered
logging: log_severity systemd console_color alloc error_elts error_maxlen encryption_key facility log_level
logging: log_silent_workers log_json task_max_elts log_file debug_ip debug_symbols
worker: normal controller rspamd_proxy fuzzy hs_helper lua type bind_socket count enabled max_files max_core task_timeout timeout max_tasks mime milter upstream mirror
worker: hosts default self_scan max_retries discard_on_reject quarantine_on_reject spam_header reject_message
worker: client_ca_name keypair key ssl_cert ssl_key password enable_password secure_ip static_dir static_files_dir
worker: ssl http max_spam_message hs_cache_dir heartbeats_loss_max allow_update backend expire hashfile hash_file
worker: database delay_check_timeout sync allow_delete blocked encrypted_only ratelimit keypair_cache_size
worker: udp_timeout tcp_timeout master_timeout updates_maxfail use_lua_script collection_mode read_only slave slaves
worker: disable_hyperscan compress extra_headers log_tag_type symbol_type name path settings settings_id probability
worker: compare_script keepalive allow_learn reuseport servers stat_report rrd save_statistics quarantine_message
worker: tempfail_message max_connections dynamic_conf count_scan extensions skip_ip_checks dynamic_keys_map
classifier: autolearn backend cache languages_enabled learn_condition min_learns min_tokens min_token_hits name
classifier: new_schema per_user per_language classify_spam_only signatures spam spam_threshold ham_threshold statfile
classifier: store_tokens symbol tokenizer servers write_servers read_servers prefix expiry lazy expire db password
classifier: path size section label check_balance min_balance junk_threshold redis min_prob_strength expand_keys
classifier: multi_class class class_labels no_probability type options max_hits hash username dbname class_name
metric: name actions group symbol symbols unknown_weight grow_factor subject default
group: max_score min_score one_shot disabled enabled public private description symbols weight score groups nshots
group: ignore ignore_whitelist
actions: unknown_weight grow_factor subject score flags reject soft_reject add_header rewrite_subject greylist
actions: no_action quarantine discard accept priority action milter_action
composites: expression score weight group groups policy description enabled disabled
settings: id priority apply whitelist want_spam ip client_ip from from_mime rcpt rcpt_mime user authenticated local
settings: hostname header request_header selector expression inverse symbols symbols_enabled symbols_disabled
settings: groups_enabled groups_disabled actions plugins flags subject scores redis
settings_redis: handlers enabled
modules: path fallback_path try_path
lua: path
regexp: max_size max_threads re score group groups type mime one_shot description header condition
chartable: symbol symbol_url threshold url_threshold max_word_len
dkim: dkim_cache_size dkim_cache_expire time_jitter trusted_only skip_multi symbol_allow symbol_reject symbol_tempfail
dkim: symbol_permfail symbol_na whitelist domains strict_multiplier max_sigs check_local check_authed sign_headers
dkim: sign_condition dkim_sign_condition dns_requests_limit
dkim_signing: allow_envfrom_empty allow_hdrfrom_mismatch allow_hdrfrom_mismatch_local allow_pubkey_mismatch
dkim_signing: allow_hdrfrom_mismatch_sign_networks allow_hdrfrom_multiple allow_username_mismatch auth_only
dkim_signing: check_pubkey domain selectors path selector selector_map path_map key_prefix selector_prefix
dkim_signing: sign_authenticated sign_local sign_inbound sign_networks symbol try_fallback use_domain use_esld
dkim_signing: use_domain_sign_local use_domain_sign_networks use_domain_sign_inbound use_domain_custom use_redis
dkim_signing: use_http_headers http_signing signing_table key_table sign_condition use_vault vault_url vault_token
dkim_signing: vault_path vault_domains skip_spam_sign use_milter_headers sign_headers oversign_headers privkey
dkim_signing: strict_pubkey_check whitelisted_signers_map
arc: allow_envfrom_empty allow_hdrfrom_mismatch allow_hdrfrom_mismatch_local allow_pubkey_mismatch
arc: allow_hdrfrom_mismatch_sign_networks allow_hdrfrom_multiple allow_username_mismatch auth_only check_pubkey domain
arc: selectors path selector selector_map path_map key_prefix selector_prefix sign_authenticated sign_local
arc: sign_inbound sign_networks sign_symbol symbol_sign try_fallback use_domain use_domain_sign_local use_esld
arc: use_domain_sign_networks use_domain_sign_inbound use_redis use_http_headers http_signing sign_condition use_vault
arc: vault_url vault_token vault_path vault_domains whitelisted_signers_map adjust_dmarc reuse_auth_results signing_table
arc: key_table sign_headers default_sign_headers
dmarc: actions reject quarantine softfail enabled munging munge_map_condition mitigate_strict_only
dmarc: mitigate_allow_only hdrfrom_prefix list_map munge_from symbols reporting email domain org_name helo smtp
dmarc: smtp_port from_name msgid_from bcc_addrs only_domains exclude_domains exclude_recipients exclude_rua_addresses
dmarc: keep_keys max_entries no_sampling_domains no_reporting_domains report_local_controller send_reports key_prefix
dmarc: dns_timeout report_settings redis_keys retry_num rua_sampling
dmarc_report: email domain
spf: spf_cache_size spf_cache_expire min_cache_ttl max_dns_nesting max_dns_requests disable_ipv6 symbol_fail
spf: symbol_softfail symbol_neutral symbol_allow symbol_dnsfail symbol_na symbol_permfail whitelist external_relay
spf: symbols local_config
rbl: default_exclude_users default_unknown default_enabled default_ipv4 default_ipv6 default_received default_from
rbl: default_exclude_local default_exclude_private_ips default_is_whitelist default_ignore_whitelist url_whitelist
rbl: disable_monitoring local_exclude_ip_map rbls rules attached_maps selector_map checks symbol symbols_prefixes rbl
rbl: returncodes returncodes_matcher returnbits is_whitelist whitelist_exception ignore_whitelist ignore_whitelists
rbl: ignore_default ignore_defaults disable_monitoring content_urls dkim dkim_domainonly dkim_match_from emails
rbl: emails_delimiter emails_domainonly enabled exclude_local exclude_local_ips exclude_private_ips exclude_users from
rbl: hash hash_format hash_len helo images ipv4 ipv6 local_exclusions max_recipients monitored monitored_address no_ip
rbl: noip process_script random_monitored rdns received received_flags received_max_pos received_min_pos
rbl: received_nflags replyto requests_limit require_symbols resolve_ip selector selector_flatten selectors suffix
rbl: unknown url_compose_map url_full_hostname urls whitelist symbol_type one_shot description group groups score
surbl: rules whitelist exceptions redirector_hosts_map read_mode use_redirector
emails: rules whitelist check_replyto domain_only skip_local
url_redirector: expire timeout nested_limit key_prefix check_ssl max_size user_agent redirector_symbol
url_redirector: redirector_symbol_nested redirectors_only redirector_hosts_map top_urls_key top_urls_count proxy
url_redirector: max_urls symbol save_intermediate_redirs
url_reputation: enabled rules
url_tags: enabled expire key_prefix
url_suspect: process_flags compat_mode custom_checks whitelist_map enabled checks use_whitelist whitelist symbols
url_suspect: user_password numeric_ip tld unicode structure length_thresholds pattern_map blacklist_map range_map tld_map
url_suspect: port_map base_score with_user_score allow_private_ranges private_score builtin_suspicious builtin_score
url_suspect: missing_tld_score check_validity check_homographs check_rtl_override check_zero_width check_multiple_at
url_suspect: max_at_signs check_backslash check_excessive_dots max_host_dots check_length max_url_length
url_check: enabled
phishing: symbol domains exceptions strict_domains openphish_enabled openphish_premium openphish_map openphish_symbol
phishing: phishtank_enabled phishtank_suffix phishtank_symbol generic_service_enabled generic_service_map
phishing: generic_service_name generic_service_symbol generic_service_exceptions generic_service_url
phishing: phishing_feed_exclusion_map phishing_feed_exclusion_enabled phishing_feed_exclusion_symbol
hfilter: helo_enabled hostname_enabled url_enabled from_enabled rcpt_enabled mid_enabled timeout
mx_check: timeout symbol_bad_mx symbol_no_mx symbol_good_mx symbol_white_mx expire expire_novalid key_prefix
mx_check: exclude_domains greylist_invalid max_mx_a_records wait_for_greeting whitelist
mid: source url path symbol_known_mid symbol_known_no_mid symbol_invalid_msgid symbol_missing_mid symbol_dkim_allow
mid: csymbol_invalid_msgid_allowed csymbol_missing_mid_allowed
once_received: good_host bad_host symbol symbol_strict symbol_mx symbol_rdns symbol_rdns_dnsfail whitelist
once_received: check_local check_authed
forged_recipients: symbol_sender symbol_rcpt
maillist: symbol
mime_types: file extension_map filename_whitelist bad_extensions bad_archive_extensions archive_extensions
mime_types: archive_exceptions other_extensions_mult regexp symbol_archive_in_archive symbol_attachment symbol_bad
mime_types: symbol_bad_extension symbol_bad_unicode symbol_double_extension symbol_encrypted_archive
mime_types: symbol_exe_in_gen_split_rar symbol_good symbol_obfuscated_archive symbol_unknown
multimap: type map maps symbol symbols score description filter extract_from header regexp glob multi action message
multimap: message_func require_symbols expression rules selector delimiter redis_key url variable skip_archives
multimap: skip_detected min_pos max_pos flags nflags artificial url_map target_symbol symbols_set group groups
multimap: disable_multisymbol symbol_prefix prefilter combined one_shot dynamic_symbols external_deps cdb
greylist: expire timeout key_prefix max_data_len message message_func action ipv4_mask ipv6_mask report_time
greylist: whitelisted_ip whitelist_domains_url whitelist_domains_map whitelist_symbols check_local check_authed symbol
greylist: greylist_min_score wait_for_body ratelimit
ratelimit: rates limits whitelisted_rcpts whitelisted_ip whitelisted_user max_rcpt max_delay max_bucket_mult
ratelimit: max_rate_mult expire prefix message message_func info_symbol symbol custom_keywords limit prefilter
ratelimit: bounce_senders skip_recipients skip_soft_reject bucket burst rate selector ham_factor_burst
ratelimit: ham_factor_rate spam_factor_burst spam_factor_rate dynamic_rate_limit allow_local fail_action dry_run
replies: expire key_prefix key_size message symbol action score use_auth use_local cookie cookie_key
replies: cookie_is_pattern cookie_valid_time min_message_id sender_prefix sender_key_global sender_key_size
replies: reply_sender_privacy max_global_size max_local_size
known_senders: enabled domains max_senders max_ttl use_bloom symbol symbol_unknown symbol_check_mail_global
known_senders: symbol_check_mail_local redis_key sender_prefix max_recipients privacy
reputation: rules selector backend symbol ip sender dkim url generic spf buckets expiry prefix weights lower_bound
reputation: max_score min_score outbound inbound split_symbols exclusion_map whitelist scores asn_prefix
reputation: country_prefix ip_prefix ipv4_mask ipv6_mask asn_cc_whitelist max_accept_adjustment max_urls check_from
reputation: hashed hash_alg hash_encoding hashlen redis dns list delimiter filter score_calc_func
bayes_expiry: interval count epsilon_common common_ttl significant_factor lazy
neural: rules train max_trains max_usages max_iterations learning_rate learning_threads mse ham_score spam_score
neural: ham_score_threshold spam_score_threshold learn_type learn_mode learn_spam learn_ham store_pool_only
neural: blacklisted_symbols allow_local anntype autotrain symbol_spam symbol_ham ann_expire hidden_layer_mult
neural: flat_threshold_curve roc_enabled roc_misclassification_cost max_inputs max_profiles profile prefix
neural: watch_interval lock_expire max_epoch classes_bias balanced classes disable_symbols_input providers fusion
neural: scan_timeout min_symbols autolearn spam_action ham_action spam_condition ham_condition spam_symbols ham_symbols
neural: skip_symbols spam_symbol_weight ham_symbol_weight sampling check_local check_authed
fuzzy_check: min_bytes min_length min_height min_width timeout retransmits connection_timeout max_errors revive_time
fuzzy_check: rule algorithm servers read_servers write_servers encryption_key read_encryption_key write_encryption_key
fuzzy_check: fuzzy_key fuzzy_shingles_key symbol mime_types max_score read_only skip_unknown short_text_direct_hash
fuzzy_check: fuzzy_map flag fuzzy_images text_multiplier whitelist learn_condition headers hash skip_hashes
fuzzy_check: skip_hashes weight_threshold text_hashes html_shingles html_weight min_html_tags io_timeout checks tcp
fuzzy_check: skip_map enable_html rate_limit skip_images fuzzy_key
fuzzy_collect: mirror sign_pubkey collection_url
antivirus: type action servers symbol symbol_fail symbol_encrypted symbol_macro symbol_type patterns patterns_fail
antivirus: scan_mime_parts scan_text_mime scan_image_mime scan_all_mime_parts attachments_only max_size min_size
antivirus: log_clean message prefix retransmits timeout whitelist cache_expire product_id default_port
antivirus: detection_category eicar_fake_pattern mime_parts_filter_regex mime_parts_filter_ext max_scan_size
antivirus: text_part_min_words no_cache scheme clamav fprot sophos savapi kaspersky kaspersky_se avast fsecure icap
antivirus: virustotal metadefender
external_services: type action servers symbol symbol_fail symbol_encrypted symbol_macro patterns patterns_fail
external_services: scan_mime_parts scan_text_mime scan_image_mime scan_all_mime_parts max_size log_clean message
external_services: prefix retransmits timeout whitelist cache_expire default_port extended mime_parts_filter_regex
external_services: mime_parts_filter_ext dynamic_scan scheme x_client_header x_rcpt_header x_from_header user_agent
external_services: dcc oletools icap vadesecure spamassassin p0f razor pyzor virustotal cloudmark req_mod
dcc: host port socket servers timeout symbol symbol_bulk body_max fuz1_max fuz2_max log_clean retransmits
p0f: socket timeout symbol patterns expire prefix
asn: provider_type provider_info ip4 ip6 symbol symbol_fail check_local check_authed key_prefix expire
aws_s3: s3_bucket s3_host s3_key_id s3_region s3_secret_key s3_timeout save_raw save_structure zstd_compress
aws_s3: fail_action inline_content_limit
bimi: helper_url helper_timeout helper_sync vmc_only redis_prefix redis_min_expiry
clickhouse: limit limits timeout ipmask ipmask6 full_urls server servers database user password use_https use_gzip
clickhouse: no_ssl_verify allow_local check_timeout collect_garbage custom_rules enable_digest enable_symbols
clickhouse: exceptions extra_columns from_map from_tables insert_subject retention schema_additions settings_by_id
clickhouse: stop_symbols subject_privacy subject_privacy_alg subject_privacy_length subject_privacy_prefix
clickhouse: bayes_ham_symbols bayes_spam_symbols ann_symbols_ham ann_symbols_spam fuzzy_symbols whitelist_symbols
clickhouse: dkim_allow_symbols dkim_reject_symbols dkim_na_symbols dkim_dnsfail_symbols dmarc_allow_symbols
clickhouse: dmarc_reject_symbols dmarc_quarantine_symbols dmarc_softfail_symbols dmarc_na_symbols spf_allow_symbols
clickhouse: spf_reject_symbols spf_neutral_symbols spf_dnsfail_symbols spf_na_symbols async_insert
elastic: server servers user password use_https use_gzip no_ssl_verify limit limits timeout index_pattern
elastic: index_policy index_template geoip collect_garbage template_file kibana_file key_prefix expire debug failover
elastic: import_kibana use_geoip ingest_module allow_local max_fail version autodetect_enabled extra_collect_headers
external_relay: rules strategy count hostname_map user_map priority symbol
force_actions: actions rules action expression message subject require_action honor_action least raw messages limit
history_redis: key_prefix nrows compress subject_privacy subject_privacy_alg subject_privacy_length
history_redis: subject_privacy_prefix expire
http_headers: spf dkim dmarc symbol_allow symbol_deny symbol_na symbol_neutral symbol_permfail symbol_softfail
http_headers: symbol_tempfail symbols reject quarantine badpolicy dnsfail
metadata_exporter: rules backend url formatter selector pusher_enabled pusher_format pusher_select defer mail_from
metadata_exporter: mail_to smtp smtp_port helo email_template email_alert_user email_alert_sender channel mime_type
metadata_exporter: email_alert_recipients meta_headers meta_header_prefix timeout user password key gzip keepalive
metadata_exporter: custom_format custom_select custom_push channel_multi no_ssl_verify zstd
metric_exporter: backend metrics interval host port metric_prefix timeout statefile
milter_headers: use skip_local skip_authenticated skip_wanted skip_all extended_spam_headers local_headers
milter_headers: authenticated_headers extended_headers_rcpt custom routines default_headers_order
milter_headers: headers_modify_mode remove_upstream_spam_flag header remove value symbols status_spam shortcut
milter_headers: extra_fields add_smtp_user stop_chars sign_symbols
rspamd_update: rules key
spamassassin: ruleset base_ruleset match_limit pcre_only meta_score_alpha alpha scores
spamtrap: learn_fuzzy learn_spam fuzzy_flag fuzzy_weight map score action smtp_message symbol key_prefix check_local
spamtrap: check_authed allow_multiple_rcpts
trie: file symbol patterns raw binary
whitelist: rules valid_spf valid_dkim valid_dmarc domains score symbol inverse_symbol inverse_multiplier strict group
whitelist: blacklist one_shot dmarc_allow_symbol spf_allow_symbol dkim_allow_symbol check_local check_authed
redis: servers read_servers write_servers db dbname password username timeout expand_keys sentinels sentinel_watch_time
redis: sentinel_masters_pattern sentinel_username sentinel_password disabled_modules enabled_modules prefix version
redis: no_ssl_verify expiry sentinel_master_maxerrors
gpt: type model api_key url prompt timeout max_tokens temperature autolearn symbols_to_except allow_ham json reply
gpt: allow_passthrough extra_symbols cache_ttl cache_prefix response_format consensus_spam_threshold max_completion_tokens
gpt: consensus_ham_threshold reason_header redis request_timeout connect_timeout ssl_timeout write_timeout read_timeout
gpt: categories symbols_to_trigger top_p condition reply_conversion
contextal: base_url key_prefix cache_ttl enable_actions request_ttl submission_symbol http_timeout task_timeout
contextal: custom_actions defer_if_no_result defer_message action_symbol_prefix cache_timeout actions_ttl
aliases: rspamd_aliases apply_to_mime apply_to_smtp system_aliases virtual_aliases local_domains rcpt_aliases rewrite_recipients enable_gmail_rules
aliases: enable_plus_aliases max_recursion_depth expand_multiple track_chain symbol_local_inbound symbol_local_outbound
aliases: symbol_internal_mail symbol_alias_resolved symbol_tagged_from symbol_tagged_rcpt score_local_inbound
aliases: score_local_outbound score_internal_mail score_alias_resolved score_tagged_from score_tagged_rcpt
lang_detection: languages short_text_limit languages_enable languages_disable fasttext_model prefer_fasttext
llm_embeddings: enabled url model api_key timeout type dimensions max_tokens
save_rejected: enabled path base_path
ensure_hostname: enabled
maps_stats: enabled
dynamic_conf: redis_key redis_watch_interval
clustering: rules symbol
external_maps: enabled
ip_score: enabled
`;

/** Keys that any section may have: every module can be switched off, and have a Redis and a time of its own. */
const everywhere = ["enabled", "disabled", "servers", "read_servers", "write_servers", "db", "password", "username"];
const alsoEverywhere = [
  "prefix",
  "expand_keys",
  "sentinels",
  "sentinel_master",
  "redis_version",
  "symbol_type",
  "redis",
];

const sections = new Map<string, Set<string>>();
for (const line of table.trim().split("\n")) {
  const [name = "", words = ""] = line.split(": ");
  const keys = sections.get(name) ?? new Set([...everywhere, ...alsoEverywhere]);
  for (const word of words.split(" ")) keys.add(word);
  sections.set(name, keys);
}

/** Top-level names of Rspamd: core sections and modules. */
export const rspamdSections: ReadonlySet<string> = new Set(sections.keys());

const none: ReadonlySet<string> = new Set();

/** Names that mean something somewhere inside a section of Rspamd; empty for a section that it does not have. */
export function rspamdKeys(section: string): ReadonlySet<string> {
  return sections.get(section) ?? none;
}
