/** Variables by which a program, its loader or its interpreter runs other code. */
const REFUSED = new RegExp(
  `^(?:${[
    ...["PATH", "IFS", "ENV", "HOME", "SHELLOPTS", "BASHOPTS", "BASH_ENV", "PROMPT_COMMAND", "PS4", "CDPATH", "TERM"],
    ...["LD_\\w+", "DYLD_\\w+", "GCONV_PATH", "LOCPATH", "NODE_OPTIONS", "NODE_PATH", "NPM_CONFIG_\\w+", "BUN_OPTIONS"],
    ...["PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "PYTHONINSPECT", "PYTHONWARNINGS", "PERL5OPT", "PERL5LIB"],
    ...["PERL5DB", "RUBYOPT", "RUBYLIB", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"],
    ...["GIT_SSH\\w*", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_CONFIG\\w*", "GIT_ASKPASS"],
    ...["SSH_ASKPASS", "EDITOR", "VISUAL", "PAGER", "GIT_PAGER", "GIT_EDITOR", "LESSOPEN", "LESSCLOSE", "BROWSER"],
  ].join("|")})$`,
  "i",
);

/** Returns true for a variable that could make a harmless program run other code. No caller may set it. */
export const isRefusedVariable = (name: string): boolean => REFUSED.test(name) || name.startsWith("BASH_FUNC_");
