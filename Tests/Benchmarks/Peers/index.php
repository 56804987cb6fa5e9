<?php
// Hello, and the document of users encoded anew for each request; `users.php` beside it is a literal, which OPcache keeps.
header('Content-Type: application/json');
echo json_encode($_SERVER['DOCUMENT_URI'] === '/users' ? require __DIR__ . '/users.php' : ['message' => 'hello']);
