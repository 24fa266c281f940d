//! Outputs in four languages, and the labels of two; all data is our own.

pub(super) const HOST_DLI: &str = "\
Name: Windows(R), ServerStandard edition
Description: Windows(R) Operating System, VOLUME_KMS_WS22 channel
Partial Product Key: ABCDE
License Status: Licensed

Key Management Service is enabled on this machine
    Current count: 31
    Listening on Port: 1688
    DNS publishing enabled
    KMS priority: Normal

Key Management Service cumulative requests received from clients
    Total requests received: 412
    Failed requests received: 3
    Requests with License Status Unlicensed: 0
    Requests with License Status Licensed: 355
    Requests with License Status Initial grace period: 49
    Requests with License Status License expired or Hardware out of tolerance: 2
    Requests with License Status Non-genuine grace period: 0
    Requests with License Status Notification: 6

";

pub(super) const CLIENT_DLV: &str = "\
Software licensing service version: 10.0.22621.2506

Name: Windows(R), Professional edition
Description: Windows(R) Operating System, VOLUME_KMSCLIENT channel
Activation ID: 2de67392-b7a7-462a-b1ca-108dd189f588
Application ID: 55c92734-d682-4d71-983e-d6ec3f16059f
Extended PID: 00000-00000-000-000000-00-0000-00000.0000-0000000
Product Key Channel: Volume:GVLK
Installation ID: 000000000000000000000000000000000000000000000000000000000000000
Partial Product Key: ABCDE
License Status: Licensed
Volume activation expiration: 250001 minute(s) (174 day(s))
Remaining Windows rearm count: 1001
Remaining SKU rearm count: 1001
Trusted time: 3/9/2025 7:05:12 AM
Configured Activation Type: All

Most recent activation information:
Key Management Service client information
    Client Machine ID (CMID): 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11
    KMS machine name from DNS: kms01.corp.example:1688
    KMS machine IP address: 192.0.2.10
    KMS machine extended PID: 00000-00000-000-000000-00-0000-00000.0000-0000000
    Activation interval: 120 minutes
    Renewal interval: 10080 minutes
    KMS host caching is enabled

";

pub(super) const GERMAN: &str = "\
Version des Softwarelizenzierungsdienstes: 10.0.22621.2506

Name: Windows(R), Professional edition
Beschreibung: Windows(R) Operating System, VOLUME_KMSCLIENT channel
Aktivierungs-ID: 2de67392-b7a7-462a-b1ca-108dd189f588
Anwendungs-ID: 55c92734-d682-4d71-983e-d6ec3f16059f
Teil-Schlüssel: ABCDE
Lizenzstatus: Lizenziert
Ablauf der Volumenaktivierung: 250001 Minute(n) (174 Tag(e))
Vertrauenswürdige Zeit: 09.03.2025 08:05:12

Letzte Aktivierung:
Angaben zum Client des Schlüsseldienstes
    Kennung des Clients (CMID): 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11
    Name des KMS-Computers aus DNS: kms01.corp.example:1688
    IP-Adresse des KMS-Computers: 192.0.2.10
    Erweiterte PID des KMS-Computers: 00000-00000-000-000000-00-0000-00000.0000-0000000
    Intervall der Aktivierung: 120 Minuten
    Intervall der Erneuerung: 10080 Minuten
    Zwischenspeichern ist aktiviert
";

pub(super) const GERMAN_INI: &str = "\u{feff}[Strings]\r
L_MsgServiceVersion=\"Version des Softwarelizenzierungsdienstes: \"\r
L_MsgProductDesc=\"Beschreibung: \"\r
l_msgactid=\"Aktivierungs-ID: \"\r
L_MsgAppID=\"Anwendungs-ID: \"\r
L_MsgPartialPKey=\"Teil-Schlüssel: \"\r
L_MsgLicenseStatusLicensed_1=\"Lizenzstatus: Lizenziert\"\r
L_MsgLicenseStatusVL_1=\"Ablauf der Volumenaktivierung: %MINUTE% Minute(n) (%DAY% Tag(e))\"\r
L_MsgCurrentTrustedTime=\"Vertrauenswürdige Zeit: \"\r
L_MsgVLMostRecentActivationInfo=\"Letzte Aktivierung:\"\r
L_MsgKmsInfo=\"Angaben zum Client des Schlüsseldienstes\"\r
L_MsgCmid=\"Kennung des Clients (CMID): \"\r
L_MsgKmsFromDns=\"Name des KMS-Computers aus DNS: \"\r
L_MsgKmsIpAddress=\"IP-Adresse des KMS-Computers: \"\r
L_MsgKmsPID4=\"Erweiterte PID des KMS-Computers: \"\r
L_MsgActivationInterval=\"Intervall der Aktivierung: %INTERVAL% Minuten\"\r
L_MsgRenewalInterval=\"Intervall der Erneuerung: %INTERVAL% Minuten\"\r
L_MsgKmsHostCachingEnabled=\"Zwischenspeichern ist aktiviert\"\r
";

pub(super) const FRENCH_HOST: &str = "\
Nom\u{a0}: Windows(R), ServerStandard edition
Description\u{a0}: Windows(R) Operating System, VOLUME_KMS_WS22 channel
Clé partielle\u{a0}: ABCDE
État de la licence\u{a0}: avec licence

Le service de gestion de clés est en marche sur cet ordinateur
    Nombre actuel\u{a0}: 31
    Port d'écoute\u{a0}: 1689
    Publication DNS en marche
    Priorité KMS\u{a0}: normale

Demandes cumulées reçues des clients par le service de gestion de clés
    Total des demandes reçues\u{a0}: 412
    Demandes reçues en échec\u{a0}: 3
    Demandes sans licence\u{a0}: 0
    Demandes avec licence\u{a0}: 355
    Demandes en période de grâce initiale\u{a0}: 49
    Demandes expirées ou hors tolérance\u{a0}: 2
    Demandes en période de grâce non authentique\u{a0}: 0
    Demandes en notification\u{a0}: 6
";

pub(super) const SPANISH_INI: &str = "[Strings]
L_MsgProductName=\"Nombre: \"
L_MsgProductDesc=\"Descripción: \"
L_MsgLicenseStatusInitialGrace_1=\"Estado de la licencia: período inicial\"
L_MsgLicenseStatusTimeRemaining=\"Quedan %DAY% día(s), es decir %MINUTE% minuto(s)\"
L_MsgLicenseStatusLicensed=\"El equipo quedó en orden para siempre.\"
";
