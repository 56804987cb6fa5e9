#include "CLateLibraries.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/// The libraries' names, as Debian has had them; the first that can be opened is the one, for the life of the process.
static const char *const gssapi_names[] = {"libgssapi_krb5.so.2", NULL};
static const char *const ldap_names[] = {"libldap.so.2", "libldap-2.5.so.0", NULL};

static void *gssapi_library, *ldap_library;
static pthread_once_t gssapi_once = PTHREAD_ONCE_INIT, ldap_once = PTHREAD_ONCE_INIT;

static void *open_first(const char *const *names) {
    void *library = NULL;
    for (; library == NULL && *names != NULL; names += 1) library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    return library;
}

static void open_gssapi(void) { gssapi_library = open_first(gssapi_names); }
static void open_ldap(void) { ldap_library = open_first(ldap_names); }

static void *gssapi_function(const char *name) {
    pthread_once(&gssapi_once, open_gssapi);
    return gssapi_library == NULL ? NULL : dlsym(gssapi_library, name);
}

static void *ldap_function(const char *name) {
    pthread_once(&ldap_once, open_ldap);
    return ldap_library == NULL ? NULL : dlsym(ldap_library, name);
}

/// Defines a function that hands its arguments to the library's own of the same name, and answers `otherwise` where there
/// is no such library. It is looked up at each call: these are called a few times a connection.
#define LATE(library, result, name, parameters, arguments, otherwise)   \
    __attribute__((visibility("hidden"))) result name parameters;       \
    result name parameters {                                            \
        result(*function) parameters = library##_function(#name);       \
        return function == NULL ? (result)(otherwise) : function arguments; \
    }

// MARK: GSSAPI (RFC 2744)

typedef unsigned int status;

/// GSS_S_FAILURE (RFC 2744, 3.9.1): what a program without GSSAPI is told.
static const status failure = 13u << 16;

struct buffer { size_t length; void *value; };
struct identifier { unsigned int length; void *elements; };

/// The name type of a service at a host: its object identifier is fixed (RFC 2744, appendix A), and compared by value.
static struct identifier hostbased_service = {10, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04"};
__attribute__((visibility("hidden"))) struct identifier *GSS_C_NT_HOSTBASED_SERVICE = &hostbased_service;

LATE(gssapi, status, gss_acquire_cred,
     (status *minor, void *name, status time, void *mechanisms, int usage, void **credential, void **actual, status *rest),
     (minor, name, time, mechanisms, usage, credential, actual, rest), failure)
LATE(gssapi, status, gss_delete_sec_context, (status *minor, void **context, struct buffer *token),
     (minor, context, token), failure)
LATE(gssapi, status, gss_import_name, (status *minor, struct buffer *text, struct identifier *type, void **name),
     (minor, text, type, name), failure)
LATE(gssapi, status, gss_init_sec_context,
     (status *minor, void *credential, void **context, void *target, struct identifier *mechanism, status flags,
      status time, void *bindings, struct buffer *input, struct identifier **actual, struct buffer *output,
      status *granted, status *rest),
     (minor, credential, context, target, mechanism, flags, time, bindings, input, actual, output, granted, rest), failure)
LATE(gssapi, status, gss_release_cred, (status *minor, void **credential), (minor, credential), failure)
LATE(gssapi, status, gss_release_name, (status *minor, void **name), (minor, name), failure)
LATE(gssapi, status, gss_unwrap,
     (status *minor, void *context, struct buffer *input, struct buffer *output, int *state, status *quality),
     (minor, context, input, output, state, quality), failure)
LATE(gssapi, status, gss_wrap,
     (status *minor, void *context, int conceals, status quality, struct buffer *input, int *state, struct buffer *output),
     (minor, context, conceals, quality, input, state, output), failure)
LATE(gssapi, status, gss_wrap_size_limit,
     (status *minor, void *context, int conceals, status quality, status size, status *limit),
     (minor, context, conceals, quality, size, limit), failure)

static char absent[] = "libgssapi_krb5.so.2 cannot be opened";

/// The sentence for a status; libpq puts it into its own message.
static status display_absence(struct buffer *text) {
    text->value = absent;
    text->length = sizeof absent - 1;
    return 0;
}

LATE(gssapi, status, gss_display_status,
     (status *minor, status value, int type, struct identifier *mechanism, status *context, struct buffer *text),
     (minor, value, type, mechanism, context, text), display_absence(text))

/// The sentence above is the only buffer that did not come from the library.
static status forget(struct buffer *buffer) {
    memset(buffer, 0, sizeof *buffer);
    return 0;
}

LATE(gssapi, status, gss_release_buffer, (status *minor, struct buffer *buffer), (minor, buffer), forget(buffer))

// MARK: LDAP (RFC 1823, and OpenLDAP's additions): where pg_service.conf names a directory

LATE(ldap, void *, ldap_init, (const char *host, int port), (host, port), NULL)
LATE(ldap, int, ldap_set_option, (void *session, int option, const void *value), (session, option, value), -1)
LATE(ldap, int, ldap_simple_bind, (void *session, const char *who, const char *password), (session, who, password), -1)
LATE(ldap, int, ldap_result, (void *session, int message, int all, void *timeout, void **result),
     (session, message, all, timeout, result), -1)
LATE(ldap, int, ldap_search_st,
     (void *session, const char *base, int scope, const char *filter, char **names, int namesOnly, void *timeout,
      void **result),
     (session, base, scope, filter, names, namesOnly, timeout, result), -1)
LATE(ldap, int, ldap_count_entries, (void *session, void *chain), (session, chain), -1)
LATE(ldap, void *, ldap_first_entry, (void *session, void *chain), (session, chain), NULL)
LATE(ldap, void *, ldap_get_values_len, (void *session, void *entry, const char *name), (session, entry, name), NULL)
LATE(ldap, int, ldap_msgfree, (void *chain), (chain), -1)
LATE(ldap, int, ldap_unbind, (void *session), (session), -1)
LATE(ldap, char *, ldap_err2string, (int code), (code), "the LDAP library cannot be opened")

__attribute__((visibility("hidden"))) void ldap_value_free_len(void **values);
void ldap_value_free_len(void **values) {
    void (*function)(void **) = ldap_function("ldap_value_free_len");
    if (function != NULL) function(values);
}
