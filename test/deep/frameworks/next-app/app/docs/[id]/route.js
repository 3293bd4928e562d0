export { GET } from '../../../../apps/next-route';
