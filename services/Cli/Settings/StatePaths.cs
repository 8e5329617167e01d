using Holoflow.RunProtocol;

namespace Holoflow.Cli.Settings;

/// <summary>Where the state and the settings of this user lie.</summary>
/// <param name="Home">The state directory: database, run directories, caches.</param>
/// <param name="Config">The directory of the profiles.</param>
sealed record StatePaths(string Home, string Config)
{
    /// <summary>HOLOFLOW_HOME is both; else the XDG directories.</summary>
    public static StatePaths FromEnvironment(Func<string, string?> variable)
    {
        if (variable(RunEnvironment.Home) is { Length: > 0 } home)
            return new StatePaths(Path.GetFullPath(home), Path.GetFullPath(home));
        return new StatePaths(Xdg("XDG_STATE_HOME", ".local/state"), Xdg("XDG_CONFIG_HOME", ".config"));

        string Xdg(string name, string underHome)
        {
            // The XDG rules say that a relative path is to be ignored.
            if (variable(name) is { Length: > 0 } set && Path.IsPathRooted(set))
                return Path.Combine(set, "holoflow");
            return variable("HOME") is { Length: > 0 } user
                ? Path.Combine(user, underHome, "holoflow")
                : throw CommandException.BadInput($"neither {RunEnvironment.Home}, {name} nor HOME is set: set {RunEnvironment.Home} to a directory of yours");
        }
    }
}
