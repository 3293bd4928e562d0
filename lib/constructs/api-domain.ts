import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Domain } from '../stages/values';

/** A custom domain name that requires TLS 1.2. With a hosted zone, its certificate and DNS record are created too. */
export class ApiDomain extends Construct {
  readonly domainName: DomainName;

  constructor(scope: Construct, id: string, { name, hostedZone, certificateArn }: Domain) {
    super(scope, id);
    const zone =
      hostedZone &&
      HostedZone.fromHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: hostedZone.id,
        zoneName: hostedZone.name,
      });
    this.domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate: this.certificate(name, certificateArn, zone),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    if (!zone) return;
    const { regionalDomainName, regionalHostedZoneId } = this.domainName;
    new ARecord(this, 'Record', {
      zone,
      recordName: `${name}.`,
      target: RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId)),
    });
  }

  private certificate(name: string, arn: string | undefined, zone: IHostedZone | undefined): ICertificate {
    if (arn !== undefined) return Certificate.fromCertificateArn(this, 'Certificate', arn);
    return new Certificate(this, 'Certificate', {
      domainName: name,
      validation: CertificateValidation.fromDns(zone),
    });
  }
}
