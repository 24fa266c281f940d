//! What `/dli` and `/dlv` print of KMS clients and hosts.

use super::Fact::{Flag, Null, Number};
use super::Host::{Discovered, Registered};
use super::Reads::{Address, Aside, Part, States, Value};
use super::{COUNTERS, Label, label};

/// The block of a KMS client.
pub(super) static CLIENT: [Label; 13] = [
    label("L_MsgKmsInfo", "Key Management Service client information", Aside),
    label("L_MsgCmid", "Client Machine ID (CMID): ", Value("ClientMachineID")),
    label(
        "L_MsgKmsLookupDomain",
        "Registered KMS SRV record lookup domain: ",
        Value("KeyManagementServiceLookupDomain"),
    ),
    label(
        "L_MsgRegisteredKmsName",
        "Registered KMS machine name: ",
        Address {
            machine: "KeyManagementServiceMachine",
            port: "KeyManagementServicePort",
            of: Registered,
        },
    ),
    label(
        "L_MsgKmsFromDns",
        "KMS machine name from DNS: ",
        Address {
            machine: "DiscoveredKeyManagementServiceMachineName",
            port: "DiscoveredKeyManagementServiceMachinePort",
            of: Discovered,
        },
    ),
    label(
        "L_MsgKmsFromDnsUnavailable",
        "DNS auto-discovery: KMS name not available",
        States(&[
            ("KeyManagementServiceMachine", Null),
            ("DiscoveredKeyManagementServiceMachineName", Null),
            ("DiscoveredKeyManagementServiceMachinePort", Number(0)),
        ]),
    ),
    label(
        "L_MsgKmsIpAddress",
        "KMS machine IP address: ",
        Value("DiscoveredKeyManagementServiceMachineIpAddress"),
    ),
    label(
        "L_MsgKmsIpAddressUnavailable",
        "KMS machine IP address: not available",
        States(&[("DiscoveredKeyManagementServiceMachineIpAddress", Null)]),
    ),
    label("L_MsgKmsPID4", "KMS machine extended PID: ", Value("KeyManagementServiceProductKeyID")),
    label(
        "L_MsgActivationInterval",
        "Activation interval: %INTERVAL% minutes",
        Part { property: "VLActivationInterval", placeholder: "INTERVAL" },
    ),
    label(
        "L_MsgRenewalInterval",
        "Renewal interval: %INTERVAL% minutes",
        Part { property: "VLRenewalInterval", placeholder: "INTERVAL" },
    ),
    label(
        "L_MsgKmsHostCachingEnabled",
        "KMS host caching is enabled",
        States(&[("KeyManagementServiceHostCaching", Flag(true))]),
    ),
    label(
        "L_MsgKmsHostCachingDisabled",
        "KMS host caching is disabled",
        States(&[("KeyManagementServiceHostCaching", Flag(false))]),
    ),
];

/// The blocks of a KMS host.
pub(super) static HOST: [Label; 16] = [
    label(
        "L_MsgKmsEnabled",
        "Key Management Service is enabled on this machine",
        States(&[("IsKeyManagementServiceMachine", Number(1))]),
    ),
    label("L_MsgKmsCurrentCount", "Current count: ", Value("KeyManagementServiceCurrentCount")),
    label(
        "L_MsgKmsListeningOnPort",
        "Listening on Port: ",
        Value("KeyManagementServiceListeningPort"),
    ),
    label(
        "L_MsgKmsDnsPublishingEnabled",
        "DNS publishing enabled",
        States(&[("KeyManagementServiceDnsPublishing", Flag(true))]),
    ),
    label(
        "L_MsgKmsDnsPublishingDisabled",
        "DNS publishing disabled",
        States(&[("KeyManagementServiceDnsPublishing", Flag(false))]),
    ),
    label(
        "L_MsgKmsPriNormal",
        "KMS priority: Normal",
        States(&[("KeyManagementServiceLowPriority", Flag(false))]),
    ),
    label(
        "L_MsgKmsPriLow",
        "KMS priority: Low",
        States(&[("KeyManagementServiceLowPriority", Flag(true))]),
    ),
    label(
        "L_MsgKmsCumulativeRequestsFromClients",
        "Key Management Service cumulative requests received from clients",
        Aside,
    ),
    label("L_MsgKmsTotalRequestsRecieved", "Total requests received: ", Value(COUNTERS[0])),
    label("L_MsgKmsFailedRequestsReceived", "Failed requests received: ", Value(COUNTERS[1])),
    label(
        "L_MsgKmsRequestsWithStatusUnlicensed",
        "Requests with License Status Unlicensed: ",
        Value(COUNTERS[2]),
    ),
    label(
        "L_MsgKmsRequestsWithStatusLicensed",
        "Requests with License Status Licensed: ",
        Value(COUNTERS[3]),
    ),
    label(
        "L_MsgKmsRequestsWithStatusInitialGrace",
        "Requests with License Status Initial grace period: ",
        Value(COUNTERS[4]),
    ),
    label(
        "L_MsgKmsRequestsWithStatusLicenseExpiredOrHwidOot",
        "Requests with License Status License expired or Hardware out of tolerance: ",
        Value(COUNTERS[5]),
    ),
    label(
        "L_MsgKmsRequestsWithStatusNonGenuineGrace",
        "Requests with License Status Non-genuine grace period: ",
        Value(COUNTERS[6]),
    ),
    label(
        "L_MsgKmsRequestsWithStatusNotification",
        "Requests with License Status Notification: ",
        Value(COUNTERS[7]),
    ),
];
