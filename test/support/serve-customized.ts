// Runs the local service after an edit of the stack: another route and another key prefix. For test/deep/local/follows-the-stack.test.ts.
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { startLocalService } from '../../local/local-service';
import { synthesize } from '../../local/synthesize';

const assembly = synthesize('local', {
  customize: (stack) => {
    const lambda = stack.service.node.findChild('ApiFunction').node.findChild('Function').node
      .defaultChild as CfnFunction;
    lambda.addPropertyOverride('Environment.Variables.KEY_PREFIX', 'sk_edited');
    const live = stack.service.node.findChild('ApiFunction').node.findChild('Live') as unknown as IFunction;
    const integration = new HttpLambdaIntegration('Edited', live);
    stack.service.api.api.addRoutes({ path: '/v2/{proxy+}', methods: [HttpMethod.POST], integration });
  },
});
startLocalService({ port: 0, assembly }).then((service) => {
  console.log(`${service.url}\nPress Ctrl-C to stop.`);
  process.once('SIGINT', () =>
    service
      .close()
      .then(assembly.remove)
      .then(() => process.exit(0)),
  );
});
