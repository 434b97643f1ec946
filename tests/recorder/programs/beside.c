// A library to preload beside a judge or a recorder, which makes their environments and threads alike: dhat.py says
// how.
#ifdef WITH_TLS
static __thread int of_each_thread;

int* beside_the_judge(void) { return &of_each_thread; }
#else
int beside_the_recorder(void) { return 0; }
#endif
