import './host.css';

// With ?keys=0, the page has nothing of the component, not even its styles.
if (new URLSearchParams(location.search).get('keys') !== '0') await import('./app');
