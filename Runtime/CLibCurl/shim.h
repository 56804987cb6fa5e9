// libcurl. Its setters take any number of arguments of any type, which Swift cannot call: each function here is one
// of them with its type.
#ifndef CLIBCURL_SHIM_H
#define CLIBCURL_SHIM_H

#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

typedef size_t (*clibcurl_bytes)(char *bytes, size_t size, size_t count, void *context);
typedef int (*clibcurl_socket)(CURL *easy, curl_socket_t socket, int what, void *context, void *unused);
typedef int (*clibcurl_begin)(void *context, char *peer, char *local, int peer_port, int local_port);
typedef int (*clibcurl_timer)(CURLM *multi, long milliseconds, void *context);

static inline CURLcode clibcurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_bytes(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode clibcurl_set_url(CURL *easy, CURLU *value) {
    return curl_easy_setopt(easy, CURLOPT_CURLU, value);
}
static inline CURLcode clibcurl_set_body_callback(CURL *easy, clibcurl_bytes callback, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}
static inline CURLcode clibcurl_set_header_callback(CURL *easy, clibcurl_bytes callback, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}
static inline CURLcode clibcurl_set_read_callback(CURL *easy, clibcurl_bytes callback, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, callback);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_READDATA, context);
}
/// Calls back when the connection is there and a request is about to be written to it, each time anew.
static inline CURLcode clibcurl_set_begin_callback(CURL *easy, clibcurl_begin callback, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
}
/// The status with which a proxy answered CONNECT; 0 when none did.
static inline long clibcurl_tunnel_status(CURL *easy) {
    long value = 0;
    return curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &value) == CURLE_OK ? value : 0;
}
/// Holds back receiving, sending, both or neither.
static inline CURLcode clibcurl_pause(CURL *easy, bool receiving, bool sending) {
    return curl_easy_pause(easy, (receiving ? CURLPAUSE_RECV : 0) | (sending ? CURLPAUSE_SEND : 0));
}
/// What a callback for received bytes returns to get them again later; one for bytes to send, when it has none yet,
/// and when it gives up.
static const size_t clibcurl_receive_later = CURL_WRITEFUNC_PAUSE;
static const size_t clibcurl_send_later = CURL_READFUNC_PAUSE;
static const size_t clibcurl_send_never = CURL_READFUNC_ABORT;
static inline CURLMcode clibcurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode clibcurl_multi_set_callbacks(
    CURLM *multi, clibcurl_socket socket, clibcurl_timer timer, void *context) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
}
/// The handle and the result of the next finished transfer; null when there is none.
static inline CURL *clibcurl_next_finished(CURLM *multi, CURLcode *result) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}
/// Prepares libcurl. A connection that closes while it is written to must be an error and not the process's end, so
/// SIGPIPE is ignored unless the program has a use for it.
static inline CURLcode clibcurl_prepare(void) {
    struct sigaction present;
    if (sigaction(SIGPIPE, NULL, &present) == 0 && present.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

#endif
