// Shows a process a lesser x86-64 CPU than it runs on, at full speed: scripts/as-cpu.sh loads it.
//
// The kernel makes CPUID fault (arch_prctl ARCH_SET_CPUID, per thread, inherited by new threads);
// the handler here runs the real instruction and clears the feature bits that are to be hidden.
// Libraries that choose their kernels by CPUID, as onnxruntime does, then take the lesser CPU's.
// Programs that did not ask CPUID may still use what is hidden: glibc picks its own functions
// before this file is loaded (as-cpu.sh tells it by GLIBC_TUNABLES).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef ARCH_SET_CPUID
#define ARCH_SET_CPUID 0x1012
#endif
#define BIT(n) (1u << (n))

// Feature bits by CPUID leaf and register (Intel SDM volume 2A, CPUID).
#define LEAF_1_C_AVX (BIT(12) | BIT(26) | BIT(27) | BIT(28) | BIT(29)) // FMA, XSAVE, OSXSAVE, AVX, F16C
#define LEAF_7_B_AVX2 BIT(5)
#define LEAF_7_B_AVX512 \
  (BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) | BIT(30) | BIT(31))
#define LEAF_7_C_AVX2 (BIT(9) | BIT(10)) // VAES, VPCLMULQDQ
#define LEAF_7_C_AVX512 (BIT(1) | BIT(6) | BIT(11) | BIT(12) | BIT(14))
#define LEAF_7_C_AVX512_VNNI BIT(11)
#define LEAF_7_D_AVX512 (BIT(2) | BIT(3) | BIT(8) | BIT(23))
#define LEAF_7_D_AMX (BIT(22) | BIT(24) | BIT(25))
#define LEAF_7_1_A_AVX_VNNI BIT(4)
#define LEAF_7_1_A_AVX512_BF16 BIT(5)
#define LEAF_7_1_A_AVX_IFMA BIT(23)
#define LEAF_7_1_A_AMX_FP16 BIT(21)
#define LEAF_7_1_D_AVX_INT8 (BIT(4) | BIT(5) | BIT(10) | BIT(19)) // VNNI-INT8, NE-CONVERT, VNNI-INT16, AVX10

// What stays visible, each more than the one before; avxvnni is avx2 with 256-bit VNNI.
enum { SSE, AVX2, AVXVNNI, AVX512, VNNI, KINDS };
static const char *const names[KINDS] = {"sse", "avx2", "avxvnni", "avx512", "vnni"};

static int kind;
static int armed;
static struct sigaction theirs;
static int (*real_sigaction)(int, const struct sigaction *, struct sigaction *);
static int (*real_sigmask)(int, const sigset_t *, sigset_t *);

static void find_real(void) {
  real_sigaction = dlsym(RTLD_NEXT, "sigaction");
  real_sigmask = dlsym(RTLD_NEXT, "pthread_sigmask");
}

static long let_cpuid_run(int yes) { return syscall(SYS_arch_prctl, ARCH_SET_CPUID, yes); }

static void hide(uint32_t leaf, uint32_t subleaf, uint32_t r[4]) {
  uint32_t *a = &r[0], *b = &r[1], *c = &r[2], *d = &r[3];
  if (leaf == 1 && kind == SSE) *c &= ~LEAF_1_C_AVX;
  if (leaf == 7 && subleaf == 0) {
    *d &= ~LEAF_7_D_AMX;
    if (kind < VNNI) *c &= ~LEAF_7_C_AVX512_VNNI;
    if (kind < AVX512) *b &= ~LEAF_7_B_AVX512, *c &= ~LEAF_7_C_AVX512, *d &= ~LEAF_7_D_AVX512;
    if (kind == SSE) *b &= ~LEAF_7_B_AVX2, *c &= ~LEAF_7_C_AVX2;
  }
  if (leaf == 7 && subleaf == 1) {
    *a &= ~(LEAF_7_1_A_AMX_FP16 | LEAF_7_1_A_AVX512_BF16 | LEAF_7_1_A_AVX_IFMA);
    *d &= ~LEAF_7_1_D_AVX_INT8;
    if (kind != AVXVNNI) *a &= ~LEAF_7_1_A_AVX_VNNI;
  }
}

static int answer_cpuid(siginfo_t *info, ucontext_t *context) {
  greg_t *regs = context->uc_mcontext.gregs;
  const unsigned char *code = (const unsigned char *)regs[REG_RIP];
  // A bad address faults here too, but from user code; only CPUID faults as SI_KERNEL at 0F A2.
  if (info->si_code != SI_KERNEL || code[0] != 0x0f || code[1] != 0xa2) return 0;
  uint32_t leaf = regs[REG_RAX], subleaf = regs[REG_RCX];
  uint32_t r[4] = {leaf, 0, subleaf, 0};
  let_cpuid_run(1);
  __asm__ volatile("cpuid" : "+a"(r[0]), "=b"(r[1]), "+c"(r[2]), "=d"(r[3]));
  let_cpuid_run(0);
  hide(leaf, subleaf, r);
  regs[REG_RAX] = r[0], regs[REG_RBX] = r[1], regs[REG_RCX] = r[2], regs[REG_RDX] = r[3];
  regs[REG_RIP] += 2;
  return 1;
}

static void on_fault(int signal_number, siginfo_t *info, void *context) {
  if (answer_cpuid(info, context)) return;
  if (theirs.sa_flags & SA_SIGINFO) {
    theirs.sa_sigaction(signal_number, info, context);
  } else if (theirs.sa_handler != SIG_DFL && theirs.sa_handler != SIG_IGN) {
    theirs.sa_handler(signal_number);
  } else {
    real_sigaction(SIGSEGV, &theirs, NULL); // a fault comes again on return and ends the process
    if (info->si_code <= 0) raise(signal_number); // another process's kill does not
  }
}

// Node and Bun install handlers of their own: they are kept here and called for real faults.
int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
  if (!real_sigaction) find_real();
  if (!armed || number != SIGSEGV) return real_sigaction(number, action, old);
  if (old) *old = theirs;
  if (action) theirs = *action;
  return 0;
}

sighandler_t signal(int number, sighandler_t handler) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
  return sigaction(number, &action, &old) ? SIG_ERR : old.sa_handler;
}

// A thread that blocks SIGSEGV would die of its next CPUID.
int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) {
  if (!real_sigmask) find_real();
  sigset_t without;
  if (armed && set && how != SIG_UNBLOCK) {
    without = *set;
    sigdelset(&without, SIGSEGV);
    set = &without;
  }
  return real_sigmask(how, set, old);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
  errno = pthread_sigmask(how, set, old);
  return errno ? -1 : 0;
}

__attribute__((constructor)) static void start(void) {
  const char *wanted = getenv("MASK_CPU");
  if (!wanted) return;
  while (kind < KINDS && strcmp(wanted, names[kind])) kind++;
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
  find_real();
  if (kind == KINDS) {
    fprintf(stderr, "mask-cpu: MASK_CPU is %s, not sse, avx2, avxvnni, avx512 or vnni\n", wanted);
  } else if (real_sigaction(SIGSEGV, &action, &theirs) || let_cpuid_run(0)) {
    fprintf(stderr, "mask-cpu: CPUID cannot be intercepted here: %s\n", strerror(errno));
  } else {
    armed = 1;
    return;
  }
  _exit(2);
}
