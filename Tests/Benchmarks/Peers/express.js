// Express as it comes: hello and the document of users. express.js PORT DOCUMENT
const fs = require('fs');
const express = require('express');

const [port, document] = process.argv.slice(2);
const users = JSON.parse(fs.readFileSync(document));

const app = express();
app.get('/hello', (request, response) => response.json({ message: 'hello' }));
app.get('/users', (request, response) => response.json(users));
app.listen(Number(port), '127.0.0.1');
