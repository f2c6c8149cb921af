//! System calls without the C library, for a process that shares its parent's memory.
//!
//! Such a process shares the parent thread's `errno` as well. A call through the C
//! library that fails would write it under that thread's feet; a call made here
//! gives its error back, and touches nothing else.

use std::ffi::{c_int, c_long};

/// Whether this module can do without the C library on this processor. Where it
/// cannot, a process has to be given a copy of its parent's memory.
pub(super) const IS_DIRECT: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

/// The body of a new process.
pub(super) type Body<T> = extern "C" fn(&T) -> !;

/// Makes a system call; an error is its number.
///
/// # Safety
///
/// The arguments have to be what the call expects, pointers included.
pub(super) unsafe fn call<const N: usize>(
    number: c_long,
    args: [usize; N],
) -> Result<usize, c_int> {
    let mut all = [0; 6];
    // Not by index: a process without a life of its own must not panic.
    for (to, from) in all.iter_mut().zip(args) {
        *to = from;
    }
    // SAFETY: the caller vouches for the arguments.
    let result = unsafe { direct::call(number, all) };
    // The kernel returns errors as -4095..=-1.
    match usize::try_from(result) {
        Ok(value) => Ok(value),
        Err(_) => Err(result.unsigned_abs() as c_int),
    }
}

/// Starts a process that runs `body` on a stack of its own; says its id.
///
/// # Safety
///
/// `stack` is the upper end of memory, aligned to 16 bytes, that like `argument`
/// belongs to the new process until it has ended (or, with `CLONE_VM`, no longer runs
/// in this memory). With `CLONE_VM` the body makes system calls by [`call`] only,
/// allocates nothing and never panics.
pub(super) unsafe fn clone<T: Sync>(
    flags: c_int,
    stack: *mut u8,
    body: Body<T>,
    argument: *const T,
) -> Result<c_int, c_int> {
    // SAFETY: the caller vouches for stack, body and argument; a reference and a
    // pointer are passed alike.
    let result = unsafe { direct::clone(flags, stack, body as *const (), argument.cast()) };
    if result < 0 {
        return Err(result.unsigned_abs() as c_int);
    }
    Ok(result as c_int)
}

#[cfg(target_arch = "x86_64")]
mod direct {
    use std::{
        arch::asm,
        ffi::{c_int, c_long},
    };

    pub(super) unsafe fn call(number: c_long, args: [usize; 6]) -> isize {
        let result;
        // SAFETY: the convention of x86-64, see syscall(2); the caller vouches for
        // the call.
        unsafe {
            asm!(
                "syscall",
                inlateout("rax") number as isize => result,
                in("rdi") args[0], in("rsi") args[1], in("rdx") args[2],
                in("r10") args[3], in("r8") args[4], in("r9") args[5],
                lateout("rcx") _, lateout("r11") _,
                options(nostack),
            );
        }
        result
    }

    pub(super) unsafe fn clone(
        flags: c_int,
        stack: *mut u8,
        body: *const (),
        argument: *const (),
    ) -> isize {
        let result;
        // SAFETY: the parent goes on at `2:`. The child has another stack, so that it
        // never returns from here: it calls the body, which does not come back.
        unsafe {
            asm!(
                "syscall",
                "test rax, rax",
                "jnz 2f",
                "xor ebp, ebp",
                "mov rdi, r12",
                "call r13",
                "ud2",
                "2:",
                inlateout("rax") libc::SYS_clone as isize => result,
                in("rdi") flags as usize, in("rsi") stack, in("rdx") 0, in("r10") 0, in("r8") 0,
                in("r12") argument, in("r13") body,
                out("rcx") _, out("r11") _,
            );
        }
        result
    }
}

#[cfg(target_arch = "aarch64")]
mod direct {
    use std::{
        arch::asm,
        ffi::{c_int, c_long},
    };

    pub(super) unsafe fn call(number: c_long, args: [usize; 6]) -> isize {
        let result;
        // SAFETY: the convention of arm64, see syscall(2); the caller vouches for the
        // call.
        unsafe {
            asm!(
                "svc 0",
                in("x8") number,
                inlateout("x0") args[0] => result,
                in("x1") args[1], in("x2") args[2], in("x3") args[3], in("x4") args[4], in("x5") args[5],
                options(nostack),
            );
        }
        result
    }

    pub(super) unsafe fn clone(
        flags: c_int,
        stack: *mut u8,
        body: *const (),
        argument: *const (),
    ) -> isize {
        let result;
        // SAFETY: the parent goes on at `2:`. The child has another stack, so that it
        // never returns from here: it calls the body, which does not come back.
        unsafe {
            asm!(
                "svc 0",
                "cbnz x0, 2f",
                "mov x29, xzr",
                "mov x0, x9",
                "blr x10",
                "brk #1",
                "2:",
                in("x8") libc::SYS_clone,
                inlateout("x0") flags as usize => result,
                in("x1") stack, in("x2") 0, in("x3") 0, in("x4") 0,
                in("x9") argument, in("x10") body,
            );
        }
        result
    }
}

/// Other processors: through the C library, in a copy of the memory.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod direct {
    use std::{
        ffi::{c_int, c_long, c_void},
        io, mem,
    };

    pub(super) unsafe fn call(number: c_long, args: [usize; 6]) -> isize {
        // SAFETY: the caller vouches for the call.
        match unsafe { libc::syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]) }
        {
            -1 => error(),
            value => value as isize,
        }
    }

    pub(super) unsafe fn clone(
        flags: c_int,
        stack: *mut u8,
        body: *const (),
        argument: *const (),
    ) -> isize {
        // SAFETY: a body takes one pointer, and never returns.
        let body =
            unsafe { mem::transmute::<*const (), extern "C" fn(*mut c_void) -> c_int>(body) };
        let argument = argument.cast_mut().cast();
        // SAFETY: the caller vouches for stack, body and argument.
        match unsafe { libc::clone(body, stack.cast(), flags, argument) } {
            -1 => error(),
            pid => pid as isize,
        }
    }

    fn error() -> isize {
        -(io::Error::last_os_error()
            .raw_os_error()
            .unwrap_or(libc::EIO) as isize)
    }
}
