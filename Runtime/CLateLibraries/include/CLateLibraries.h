// GSSAPI and LDAP for a libpq that is linked in whole (Decisions/0008): a program has their functions under their own
// names, and their libraries are opened when the first is called. Most programs never call one, and are spared loading
// seventeen libraries at every start.
//
// Nothing is declared here: libpq's archive is the only caller, and knows them from the libraries' own headers. They are
// hidden, so a libpq that is a shared library keeps its own.
#ifndef CLATELIBRARIES_H
#define CLATELIBRARIES_H
#endif
