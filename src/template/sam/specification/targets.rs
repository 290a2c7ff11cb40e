//! Properties of CloudFormation resources that events change in place.

use crate::template::sam::property::{Property, Type};

/// Properties of `AWS::S3::Bucket`, as far as the transform knows them.
pub const S3_BUCKET: &[Property] = &[
    Property::new("AccessControl", Type::Any),
    Property::new("AccelerateConfiguration", Type::Any),
    Property::new("AnalyticsConfigurations", Type::Any),
    Property::new("BucketEncryption", Type::Any),
    Property::new("BucketName", Type::Any),
    Property::new("CorsConfiguration", Type::Any),
    Property::new("IntelligentTieringConfigurations", Type::Any),
    Property::new("InventoryConfigurations", Type::Any),
    Property::new("LifecycleConfiguration", Type::Any),
    Property::new("LoggingConfiguration", Type::Any),
    Property::new("MetricsConfigurations", Type::Any),
    Property::new("NotificationConfiguration", Type::Any),
    Property::new("ObjectLockConfiguration", Type::Any),
    Property::new("ObjectLockEnabled", Type::Any),
    Property::new("OwnershipControls", Type::Any),
    Property::new("PublicAccessBlockConfiguration", Type::Any),
    Property::new("ReplicationConfiguration", Type::Any),
    Property::new("Tags", Type::Any),
    Property::new("VersioningConfiguration", Type::Any),
    Property::new("WebsiteConfiguration", Type::Any),
];

/// Properties of `AWS::Cognito::UserPool`, as far as the transform knows them.
pub const COGNITO_USER_POOL: &[Property] = &[
    Property::new("AccountRecoverySetting", Type::Any),
    Property::new("AdminCreateUserConfig", Type::Any),
    Property::new("AliasAttributes", Type::Any),
    Property::new("AutoVerifiedAttributes", Type::Any),
    Property::new("DeletionProtection", Type::Any),
    Property::new("DeviceConfiguration", Type::Any),
    Property::new("EmailAuthenticationMessage", Type::Any),
    Property::new("EmailAuthenticationSubject", Type::Any),
    Property::new("EmailConfiguration", Type::Any),
    Property::new("EmailVerificationMessage", Type::Any),
    Property::new("EmailVerificationSubject", Type::Any),
    Property::new("EnabledMfas", Type::Any),
    Property::new("LambdaConfig", Type::Any),
    Property::new("MfaConfiguration", Type::Any),
    Property::new("Policies", Type::Any),
    Property::new("Schema", Type::Any),
    Property::new("SmsAuthenticationMessage", Type::Any),
    Property::new("SmsConfiguration", Type::Any),
    Property::new("SmsVerificationMessage", Type::Any),
    Property::new("UserAttributeUpdateSettings", Type::Any),
    Property::new("UsernameAttributes", Type::Any),
    Property::new("UsernameConfiguration", Type::Any),
    Property::new("UserPoolAddOns", Type::Any),
    Property::new("UserPoolName", Type::Any),
    Property::new("UserPoolTags", Type::Any),
    Property::new("UserPoolTier", Type::Any),
    Property::new("VerificationMessageTemplate", Type::Any),
    Property::new("WebAuthnRelyingPartyID", Type::Any),
    Property::new("WebAuthnUserVerification", Type::Any),
];

