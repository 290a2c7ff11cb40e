use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A custom domain of an API accepts TLS versions that are out of date.
    ///
    /// ## Why it matters
    ///
    /// TLS 1.0 has known weaknesses; PCI DSS forbids it, and browsers have dropped it. A domain that
    /// still accepts it lets an attacker talk a client down to it.
    ///
    /// ## How to fix
    ///
    /// Set `SecurityPolicy: TLS_1_2` or a newer policy.
    ///
    /// ## When to suppress
    ///
    /// When a client that cannot be changed speaks nothing newer.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Choose a security policy for your custom domain"; cfn_nag W62;
    /// trivy AWS-0005; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Domain:
    ///     Type: AWS::ApiGateway::DomainName
    ///     Properties: {DomainName: api.example.com, RegionalCertificateArn: !Ref Certificate, SecurityPolicy: TLS_1_0}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Domain:
    ///     Type: AWS::ApiGateway::DomainName
    ///     Properties: {DomainName: api.example.com, RegionalCertificateArn: !Ref Certificate, SecurityPolicy: TLS_1_2}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Domain:
    ///       Type: AWS::ApiGateway::DomainName
    ///       Properties: {DomainName: api.example.com, RegionalCertificateArn: !Ref Certificate, SecurityPolicy: TLS_1_0}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Domain:
    ///       Type: AWS::ApiGateway::DomainName
    ///       Properties: {DomainName: api.example.com, RegionalCertificateArn: !Ref Certificate, SecurityPolicy: TLS_1_2}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Domain:
    ///     Type: AWS::ApiGateway::DomainName
    ///     Properties: {DomainName: api.example.com, RegionalCertificateArn: !Ref Certificate, SecurityPolicy: TLS_1_0}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Domain:
    ///     Type: AWS::ApiGateway::DomainName
    ///     Properties: {DomainName: api.example.com, RegionalCertificateArn: !Ref Certificate, SecurityPolicy: TLS_1_2}
    /// ```
    pub(super) static POLICY = "api-domain-old-tls" {
        category: Security, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-03"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for domain in cx.graph.existing("AWS::ApiGateway::DomainName") {
        if read::text(domain, &["SecurityPolicy"], |policy| policy == "TLS_1_0").is_some() {
            cx.report(Place::property(domain, &["SecurityPolicy"]), format!("{} accepts TLS 1.0", domain.id()))
                .help("set SecurityPolicy: TLS_1_2")
                .remedy(Remedy::risky(format!("Let {} accept TLS 1.2 and later only", domain.id())).put(
                    domain,
                    &["SecurityPolicy"],
                    "TLS_1_2",
                ));
        }
    }
}
