using Holoflow.Hosting;

namespace Holoflow.Cli.Commands.Database;

/// <summary>The PostgreSQL database of an installation, named in the environment as for its services.</summary>
static class InstallationDatabase
{
    const string Variable = "HOLOFLOW_DATABASE";

    /// <summary>Where it is, with the password of <c>HOLOFLOW_DATABASE_PASSWORD_FILE</c>; null where <c>HOLOFLOW_DATABASE</c> is not set.</summary>
    /// <exception cref="CommandException">The variables are wrong.</exception>
    public static string? Location()
    {
        var settings = ServiceSettings.OfProcess();
        if (settings.Optional(Variable) is null)
            return null;
        var address = settings.Database();
        return settings.Mistakes.Count == 0 ? address.AbsoluteUri : throw CommandException.BadInput(string.Join("; ", settings.Mistakes));
    }
}
