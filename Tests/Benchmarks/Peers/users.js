// One user by id from PostgreSQL through node-postgres, with Express or with Node's own http:
// users.js PORT express|http POOL SOCKET-FOLDER NAME
const http = require('http');
const { Pool } = require('pg');

const [port, kind, size, host, name] = process.argv.slice(2);
const pool = new Pool({
  host, user: 'postgres', database: 'postgres', max: Number(size), idleTimeoutMillis: 30000, application_name: name,
});
const text = 'SELECT id, name, email, role, created_at FROM users WHERE id = $1';

async function find(id) {
  // With a name the statement is prepared once a connection.
  const { rows: [row] } = await pool.query({ name: 'user', text, values: [id] });
  return row && { id: Number(row.id), name: row.name, email: row.email, role: row.role, createdAt: row.created_at };
}

if (kind === 'express') {
  const app = require('express')();
  app.get('/users/:id', (request, response, next) => {
    find(request.params.id).then((user) => user ? response.json(user) : response.sendStatus(404), next);
  });
  app.listen(Number(port), '127.0.0.1');
} else {
  http.createServer((request, response) => {
    find(request.url.slice('/users/'.length)).then((user) => {
      const body = user ? JSON.stringify(user) : '{}';
      response.writeHead(user ? 200 : 404, {
        'content-type': 'application/json', 'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    }, () => response.writeHead(500).end());
  }).listen(Number(port), '127.0.0.1');
}
