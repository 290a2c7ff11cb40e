//! What a usage file may say about a resource: one table for the reader, the JSON schema, the
//! documentation and the assumptions.

use crate::graph::NodeKind;

/// What a number counts, and which numbers are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Events, requests, units of a service.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Kilobytes of 1,024 bytes.
    Kilobytes,
    /// Megabytes of 1,024 KB.
    Megabytes,
    /// Gigabytes of 1,024 MB.
    Gigabytes,
    /// A share from 0 to 1.
    Share,
    /// US dollars.
    Dollars,
}

impl Unit {
    /// The word for messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Count => "a plain number",
            Self::Milliseconds => "milliseconds",
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Kilobytes => "KB",
            Self::Megabytes => "MB",
            Self::Gigabytes => "GB",
            Self::Share => "a share from 0 to 1",
            Self::Dollars => "US dollars",
        }
    }

    /// How many of this unit one of `written` is; none where they do not measure the same.
    pub(super) fn per(self, written: &str) -> Option<f64> {
        const DURATIONS: [(&str, f64); 9] = [
            ("ms", 0.001),
            ("s", 1.0),
            ("sec", 1.0),
            ("m", 60.0),
            ("min", 60.0),
            ("h", 3600.0),
            ("hr", 3600.0),
            ("hrs", 3600.0),
            ("d", 86_400.0),
        ];
        const SIZES: [(&str, f64); 5] =
            [("b", 1.0 / 1024.0), ("kb", 1.0), ("mb", 1024.0), ("gb", 1_048_576.0), ("tb", 1_073_741_824.0)];
        const COUNTS: [(&str, f64); 3] = [("k", 1e3), ("m", 1e6), ("b", 1e9)];
        let written = written.to_ascii_lowercase().replace("ib", "b");
        let find = |table: &[(&str, f64)]| table.iter().find(|(name, _)| *name == written).map(|(_, factor)| *factor);
        match self {
            Self::Milliseconds => find(&DURATIONS).map(|seconds| seconds * 1000.0),
            Self::Seconds => find(&DURATIONS),
            Self::Minutes => find(&DURATIONS).map(|seconds| seconds / 60.0),
            Self::Hours => find(&DURATIONS).map(|seconds| seconds / 3600.0),
            Self::Days => find(&DURATIONS).map(|seconds| seconds / 86_400.0),
            Self::Kilobytes => find(&SIZES),
            Self::Megabytes => find(&SIZES).map(|kb| kb / 1024.0),
            Self::Gigabytes => find(&SIZES).map(|kb| kb / 1_048_576.0),
            Self::Count => find(&COUNTS),
            Self::Share => (written == "%").then_some(0.01),
            Self::Dollars => matches!(&*written, "$" | "usd").then_some(1.0),
        }
    }
}

macro_rules! keys {
    ($($variant:ident = $name:literal, $unit:ident, $default:expr, [$($kind:ident),*], [$($ty:literal),*], $help:literal;)*) => {
        /// A key of a resource in a usage file. Names are infracost's where it has the key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key {
            $(#[doc = $help] $variant,)*
        }

        impl Key {
            /// Every key, in the order of the documentation.
            pub const ALL: &'static [Key] = &[$(Self::$variant),*];

            /// The name in the file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it counts.
            pub fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)* }
            }

            /// What it means, one phrase.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }

            /// Low, expected and high value where nothing is said; none where a value is never
            /// assumed.
            pub fn assumed(self) -> Option<(f64, f64, f64)> {
                match self { $(Self::$variant => $default,)* }
            }

            /// Whether it says something about resources of `kind` and `ty`.
            pub fn applies(self, kind: NodeKind, ty: &str) -> bool {
                match self { $(Self::$variant => {
                    let kinds: &[NodeKind] = &[$(NodeKind::$kind),*];
                    let types: &[&str] = &[$($ty),*];
                    kinds.contains(&kind) || types.contains(&ty)
                })* }
            }
        }
    };
}

keys! {
    MonthlyRequests = "monthly_requests", Count, None,
        [Function, Alias, RestApi, HttpApi, GraphQlApi, Route, Queue, Topic, Rule, Stream, Firehose, Bucket, StateMachine, Schedule, Secret, Key, Pipe, UserPool],
        ["AWS::CloudFront::Distribution", "AWS::Lambda::Url", "AWS::IoT::TopicRule", "AWS::WAFv2::WebACL"],
        "Requests, messages or events that enter here from outside, a month";
    RouteShare = "share", Share, None, [Route], [],
        "Share of the API's requests that the route takes; routes without one take the rest evenly";
    RequestDurationMs = "request_duration_ms", Milliseconds, Some((50.0, 100.0, 500.0)), [Function], [],
        "Mean duration of a warm call";
    RequestDurationP50Ms = "request_duration_p50_ms", Milliseconds, None, [Function], [],
        "Median duration of a warm call";
    RequestDurationP99Ms = "request_duration_p99_ms", Milliseconds, None, [Function], [],
        "99th percentile of the duration of a warm call";
    InitDurationMs = "init_duration_ms", Milliseconds, None, [Function], [],
        "Mean duration of initialisation in a cold start";
    InitDurationP99Ms = "init_duration_p99_ms", Milliseconds, None, [Function], [],
        "99th percentile of the duration of initialisation";
    MemoryUsedMb = "memory_used_mb", Megabytes, None, [Function], [],
        "Most memory that a call used";
    ColdStartShare = "cold_start_share", Share, None, [Function], [],
        "Share of calls that start cold; computed from the rate where it is not given";
    Burst = "burst", Count, None, [Function, Route, Topic, Queue, Bucket, Rule, Schedule], [],
        "Requests that arrive at once";
    ErrorRate = "error_rate", Share, Some((0.0, 0.001, 0.01)), [Function], [],
        "Share of calls that fail, and are retried where the caller retries";
    LogKbPerRequest = "log_kb_per_request", Kilobytes, Some((0.5, 1.0, 5.0)), [Function], [],
        "Log text that a call writes";
    LogAgeMonths = "log_age_months", Count, Some((1.0, 12.0, 36.0)), [Function, LogGroup], [],
        "Months that log text was kept so far, where nothing deletes it";
    ResponseKb = "response_kb", Kilobytes, Some((1.0, 3.0, 30.0)), [Function, RestApi, HttpApi, GraphQlApi],
        ["AWS::CloudFront::Distribution"],
        "Size of a response that leaves for the internet";
    RequestSizeKb = "request_size_kb", Kilobytes, Some((1.0, 2.0, 16.0)),
        [Queue, Topic, Rule, Bus, Schedule, Pipe, Stream, Firehose, HttpApi, RestApi, Function, Bucket], [],
        "Size of a request, message, event or record";
    MonthlyMessages = "monthly_messages", Count, None, [WebSocketApi, HttpApi], [],
        "Messages in both directions, a month";
    MessageSizeKb = "message_size_kb", Kilobytes, Some((1.0, 2.0, 32.0)), [WebSocketApi, HttpApi], [],
        "Size of a message";
    MonthlyConnectionMins = "monthly_connection_mins", Minutes, None, [WebSocketApi, HttpApi, GraphQlApi], [],
        "Minutes of connections held open, a month";
    MonthlyRealtimeUpdates = "monthly_realtime_updates", Count, None, [GraphQlApi], [],
        "Updates pushed to subscribers, a month";
    CacheHitRatio = "cache_hit_ratio", Share, Some((0.0, 0.5, 0.9)), [RestApi, GraphQlApi, Stage],
        ["AWS::CloudFront::Distribution"],
        "Share of requests that the cache answers, where a cache is configured";
    AuthorizerCacheHitRatio = "authorizer_cache_hit_ratio", Share, Some((0.0, 0.5, 0.95)), [RestApi, HttpApi, Authorizer], [],
        "Share of requests that a cached decision of the authorizer answers, where it caches";
    PassShare = "pass_share", Share, Some((0.0, 0.5, 1.0)), [Rule, Pipe, Queue, Topic, Stream, Table, Function, Bucket],
        ["AWS::Lambda::EventSourceMapping", "AWS::SNS::Subscription", "AWS::Logs::SubscriptionFilter"],
        "Share of events that a filter lets pass";
    BatchFill = "batch_fill", Share, Some((0.0, 0.0, 1.0)), [Queue, Stream, Table, Pipe],
        ["AWS::Lambda::EventSourceMapping"],
        "How full a batch is when it is taken, from one record (0) to the batch size (1)";
    CallsPerRequest = "calls_per_request", Count, Some((0.0, 1.0, 2.0)), [Function], [],
        "Calls on each resource that the function may use, a request; `calls` names them one by one";
    ItemSizeKb = "item_size_kb", Kilobytes, Some((0.5, 1.0, 4.0)), [Table], [],
        "Size of an item read or written";
    MonthlyWriteRequestUnits = "monthly_write_request_units", Count, None, [Table], [],
        "Write request units, a month, in place of those that traffic causes";
    MonthlyReadRequestUnits = "monthly_read_request_units", Count, None, [Table], [],
        "Read request units, a month, in place of those that traffic causes";
    StorageGb = "storage_gb", Gigabytes, None, [Table, Bucket, LogGroup], [],
        "Data stored, mean of the month";
    PitrBackupStorageGb = "pitr_backup_storage_gb", Gigabytes, None, [Table], [],
        "Size that point-in-time recovery covers";
    OnDemandBackupStorageGb = "on_demand_backup_storage_gb", Gigabytes, None, [Table], [],
        "Backups made on demand";
    MonthlyDataRestoredGb = "monthly_data_restored_gb", Gigabytes, None, [Table], [],
        "Data restored from backups, a month";
    MonthlyStreamsReadRequestUnits = "monthly_streams_read_request_units", Count, None, [Table], [],
        "Reads of the table's stream by other readers than Lambda, a month";
    MonthlyTransitions = "monthly_transitions", Count, None, [StateMachine], [],
        "State transitions, a month, in place of those that traffic causes";
    WorkflowDurationMs = "workflow_duration_ms", Milliseconds, None, [StateMachine], [],
        "Duration of an execution; computed from the states where it is not given";
    MemoryMb = "memory_mb", Megabytes, Some((64.0, 64.0, 128.0)), [StateMachine], [],
        "Memory of an express execution";
    MapItems = "map_items", Count, Some((1.0, 10.0, 100.0)), [StateMachine], [],
        "Items of a map state; `items` gives them one by one";
    MonthlyCustomEvents = "monthly_custom_events", Count, None, [Bus], [],
        "Custom events published from outside, a month";
    MonthlyThirdPartyEvents = "monthly_third_party_events", Count, None, [Bus], [],
        "Events of partners, a month";
    MonthlyArchiveProcessingGb = "monthly_archive_processing_gb", Gigabytes, None, [Bus], ["AWS::Events::Archive"],
        "Events archived, a month";
    ArchiveStorageGb = "archive_storage_gb", Gigabytes, None, [Bus], ["AWS::Events::Archive"],
        "Events kept in the archive";
    MonthlySchemaDiscoveryEvents = "monthly_schema_discovery_events", Count, None, [Bus], ["AWS::EventSchemas::Discoverer"],
        "Events that schema discovery looks at, a month";
    MonthlyDataIngestedGb = "monthly_data_ingested_gb", Gigabytes, None, [LogGroup, Firehose], [],
        "Data ingested, a month, in place of what traffic causes";
    MonthlyDataScannedGb = "monthly_data_scanned_gb", Gigabytes, None, [LogGroup], [],
        "Data scanned by Logs Insights, a month";
    MonthlyDataOutGb = "monthly_on_demand_data_out_gb", Gigabytes, None, [Stream], [],
        "Data retrieved from a stream on demand, a month";
    MonthlyExtendedRetentionGb = "monthly_on_demand_extended_retention_gb", Gigabytes, None, [Stream], [],
        "Data kept from one to seven days by a stream on demand";
    MonthlyLongTermRetentionGb = "monthly_on_demand_long_term_retention_gb", Gigabytes, None, [Stream], [],
        "Data kept beyond seven days by a stream on demand";
    MonthlyDataInGb = "monthly_on_demand_data_in_gb", Gigabytes, None, [Stream], [],
        "Data ingested by a stream on demand, a month, in place of what traffic causes";
    MonthlyEfoDataOutGb = "monthly_on_demand_efo_data_out_gb", Gigabytes, None, [Stream], [],
        "Data retrieved by enhanced fan-out from a stream on demand, a month";
    MonthlyProvisionedPutUnits = "monthly_provisioned_put_units", Count, None, [Stream], [],
        "Put units of a provisioned stream, a month, in place of those that traffic causes";
    MonthlyProvisionedExtendedRetention = "monthly_provisioned_extended_retention_gb", Count, None, [Stream], [],
        "Shard-hours of retention from one to seven days, a month (the name is infracost's)";
    MonthlyProvisionedLongTermRetentionGb = "monthly_provisioned_long_term_retention_gb", Gigabytes, None, [Stream], [],
        "Data kept beyond seven days by a provisioned stream";
    MonthlyProvisionedLongTermRetrievalGb = "monthly_provisioned_long_term_retrieval_gb", Gigabytes, None, [Stream], [],
        "Data older than seven days that is retrieved from a provisioned stream, a month";
    MonthlyProvisionedEfoDataOutGb = "monthly_provisioned_efo_data_out_gb", Gigabytes, None, [Stream], [],
        "Data retrieved by enhanced fan-out from a provisioned stream, a month";
    MonthlyProvisionedEfoConsumerHours = "monthly_provisioned_efo_consumer_hours", Hours, None, [Stream], [],
        "Hours of consumers with enhanced fan-out, for each shard, a month";
    MonthlyTier1Requests = "monthly_tier_1_requests", Count, None, [Bucket], [],
        "PUT, COPY, POST and LIST requests from outside, a month";
    MonthlyTier2Requests = "monthly_tier_2_requests", Count, None, [Bucket], [],
        "GET and other requests from outside, a month";
    MonthlyActiveUsers = "monthly_active_users", Count, None, [UserPool], [],
        "Users who sign in, a month";
    MonthlyDataProcessedGb = "monthly_data_processed_gb", Gigabytes, None, [Network], [],
        "Data that passes the gateway or endpoint, a month";
    TraceSamplingRate = "trace_sampling_rate", Share, Some((0.05, 0.05, 1.0)), [Function, RestApi, StateMachine, GraphQlApi], [],
        "Share of requests that X-Ray records";
    SecretReadsPerRequest = "secret_reads_per_request", Count, Some((0.0, 0.01, 1.0)), [Function], [],
        "Reads of each secret, parameter or key that the function may read, a request";
    KeptVersions = "kept_versions", Count, Some((1.0, 1.0, 3.0)), [Function], [],
        "Published versions with SnapStart that are kept";
    ProvisionedHours = "provisioned_hours", Hours, None, [Alias, Version, Function], [],
        "Hours a month in which provisioned concurrency is configured; all 730 where nothing is said";
    DurableOperations = "durable_operations", Count, Some((3.0, 10.0, 50.0)), [Function], [],
        "Operations of a durable execution";
    DurableDataKb = "durable_data_kb", Kilobytes, Some((10.0, 50.0, 250.0)), [Function], [],
        "Data that a durable execution writes";
    DurableRetentionDays = "durable_retention_days", Days, Some((1.0, 14.0, 90.0)), [Function], [],
        "Days that the data of a durable execution is kept, where the template does not say";
    InstanceHours = "instance_hours", Hours, None, [], ["AWS::Lambda::CapacityProvider"],
        "Instance hours of a capacity provider, a month";
    InstancePriceUsd = "instance_price_usd", Dollars, None, [], ["AWS::Lambda::CapacityProvider"],
        "Price of an instance hour";
    InstancePaidPriceUsd = "instance_paid_price_usd", Dollars, None, [], ["AWS::Lambda::CapacityProvider"],
        "Price of an instance hour after discounts; the list price where nothing is said";
    SmsNotificationPrice = "sms_notification_price", Dollars, None, [Topic], [],
        "Price of a text message in the country that it goes to";
    IdleExpiryS = "idle_expiry_s", Seconds, Some((300.0, 360.0, 600.0)), [Function], [],
        "Seconds until an idle environment is ended; AWS does not document them";
    RecycleS = "recycle_s", Seconds, None, [Function], [],
        "Seconds after which an environment is replaced even when busy";
}

impl Key {
    /// The key of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|key| key.name() == name).copied()
    }
}
