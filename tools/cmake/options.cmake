# Options of the build, and what every target is compiled with (portlore_options).
# SPDX-License-Identifier: GPL-2.0-or-later
include(CheckIPOSupported)
include(CheckLinkerFlag)

option(PORTLORE_WERROR "Treat warnings as errors" OFF)
option(PORTLORE_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(PORTLORE_COVERAGE "Count which lines run (gcov)" OFF)
option(PORTLORE_FUZZ "Build the fuzzer (clang's libFuzzer) and nothing to test" OFF)
option(PORTLORE_LTO "Optimise across files when linking: 2 % fewer instructions for a GTP' packet, a slower build" OFF)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(PORTLORE_LTO)
    check_ipo_supported(LANGUAGES C) # stops with the compiler's reason where it is not
endif()
# A symbol that no library has is an error of the build. Without this it shows when tshark loads the plugin. The
# sanitizers of clang leave their symbols to the program that loads the library.
if(NOT PORTLORE_SANITIZE)
    check_linker_flag(C LINKER:--no-undefined PORTLORE_NO_UNDEFINED)
endif()

add_library(portlore_options INTERFACE)
target_compile_options(portlore_options INTERFACE -Wall -Wextra -Wpedantic)
target_include_directories(portlore_options INTERFACE "${PROJECT_SOURCE_DIR}/plugin")
if(PORTLORE_WERROR)
    target_compile_options(portlore_options INTERFACE -Werror)
endif()
if(PORTLORE_SANITIZE)
    target_compile_options(portlore_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
    target_link_options(portlore_options INTERFACE -fsanitize=address,undefined)
endif()
if(PORTLORE_COVERAGE)
    target_compile_options(portlore_options INTERFACE --coverage -fprofile-abs-path -fprofile-update=atomic)
    target_link_options(portlore_options INTERFACE --coverage)
endif()
