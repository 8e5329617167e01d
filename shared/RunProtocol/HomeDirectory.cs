namespace Holoflow.RunProtocol;

/// <summary>The user's state directory: HOLOFLOW_HOME, else <c>$XDG_STATE_HOME/holoflow</c>, else <c>~/.local/state/holoflow</c>.</summary>
public static class HomeDirectory
{
    public static string Path => PathFrom(Environment.GetEnvironmentVariable);

    /// <summary>The state directory under the given environment.</summary>
    public static string PathFrom(Func<string, string?> variable)
    {
        if (variable(RunEnvironment.Home) is { Length: > 0 } home)
            return System.IO.Path.GetFullPath(home);
        // A relative XDG path is to be ignored, as its specification says.
        if (variable("XDG_STATE_HOME") is { Length: > 0 } state && System.IO.Path.IsPathRooted(state))
            return System.IO.Path.Combine(state, "holoflow");
        return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state", "holoflow");
    }
}
