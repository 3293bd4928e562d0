import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ConsoleHosting } from '../../examples/console-hosting/stack';
import { buildRecordFile, buildRecordFor } from '../../local/console/dist';

const record = buildRecordFor({ VITE_API_URL: 'https://keys.example.com' });
const buildDirectory = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
writeFileSync(join(buildDirectory, buildRecordFile), JSON.stringify(record));
const template = Template.fromStack(
  new ConsoleHosting(new App({ analyticsReporting: false }), 'console-hosting', { buildDirectory }),
);
afterAll(() => rmSync(buildDirectory, { recursive: true }));

/** The header that CloudFront sends for each property of SecurityHeadersConfig. */
const headersOf = (config: Record<string, Record<string, string | undefined>>) => ({
  'Content-Security-Policy': config.ContentSecurityPolicy?.ContentSecurityPolicy,
  'Referrer-Policy': config.ReferrerPolicy?.ReferrerPolicy,
  'X-Content-Type-Options': config.ContentTypeOptions && 'nosniff',
  'X-Frame-Options': config.FrameOptions?.FrameOption,
});

it('CloudFront sends the headers of the build with every response', () => {
  const [[id, policy] = []] = Object.entries(template.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
  const { SecurityHeadersConfig: config } = policy?.Properties.ResponseHeadersPolicyConfig ?? {};
  expect(headersOf(config)).toEqual(record.headers);
  expect(Object.values(config).every((entry) => (entry as { Override: boolean }).Override)).toBe(true);
  const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  const { DefaultCacheBehavior: behavior, CacheBehaviors: others } = distribution?.Properties.DistributionConfig ?? {};
  expect([behavior.ResponseHeadersPolicyId, behavior.ViewerProtocolPolicy, others]).toEqual([
    { Ref: id },
    'redirect-to-https',
    undefined,
  ]);
});

it('the bucket is private', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
});
