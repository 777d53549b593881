// The official SDK's other resources, which are not in this package: reading one throws an error that says so. Only the
// entries for servers have this: pages do not call other APIs of Cloudflare, and would load its names.

import { Cloudflare } from './client.js';
import { CloudflareError } from './errors.js';
import { RealtimeKit } from './resources.js';

const RESOURCES = `DDoSProtection abuseReports accounts acm addressing ai aiAudit aiGateway aiSearch aiSecurity alerting
  analyticsQuery apiGateway argo auditLogs basinCatalog billing botManagement botnetFeed brandProtection
  browserRendering cache calls certificateAuthorities clientCertificates cloudConnector cloudforceOne connectivity
  containers contentScanning csamScanner customCertificates customCsrs customHostnames customNameservers customPages d1
  dcvDelegation diagnostics dls dns dnsFirewall durableObjects emailAuth emailRouting emailSecurity emailSending
  fieldExtractors filters firewall flagship fraud googleTagGateway healthchecks hostnames hyperdrive iam images intel
  ips keylessCertificates kv leakedCredentialChecks loadBalancers logpush logs magicCloudNetworking
  magicNetworkMonitoring magicTransit managedDefense managedTransforms memberships moq mtlsCertificates
  networkInterconnects organizations originCACertificates originPostQuantumEncryption originTLSClientAuth
  originTLSComplianceModes pageRules pageShield pages pipelines precursor queues r2 r2DataCatalog radar rateLimits
  registrar registrarSandbox requestTracers resourceSharing resourceTagging rules rulesets rum schemaValidation
  secretsStore securityCenter securityTXT snippets spectrum speed ssl stream tenantCustomNameservers tenants
  tokenValidation turnstile urlNormalization urlScanner user vectorize vulnerabilityScanner waitingRooms web3 workers
  workersForPlatforms workflows zaraz zeroTrust zones`;
const KIT_RESOURCES = 'analytics apps livestreams presets recordings webhooks';

/**
 * A prototype behind that of the class, so that a name is neither found by `in` nor listed.
 *
 * @param {{ prototype: object }} Class
 * @param {string} path
 * @param {string} text
 */
function refuse({ prototype }, path, text) {
  const names = new Set(/** @type {(string | symbol)[]} */ (text.split(/\s+/)));
  const behind = new Proxy(
    {},
    {
      get(target, name, receiver) {
        if (!names.has(name)) return Reflect.get(target, name, receiver);
        const full = `${path}.${String(name)}`;
        throw new CloudflareError(
          `${full} is not in realtimekit-moderator. Keep the package cloudflare for it`,
        );
      },
    },
  );
  Object.setPrototypeOf(prototype, behind);
}

refuse(Cloudflare, 'client', RESOURCES);
refuse(RealtimeKit, 'client.realtimeKit', KIT_RESOURCES);
