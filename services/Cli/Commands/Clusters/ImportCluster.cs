using System.CommandLine;
using Holoflow.Cli.Output;
using Holoflow.Slurm.Profiles;

namespace Holoflow.Cli.Commands.Clusters;

static class ImportCluster
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A YAML file with cluster_class, cluster_kwargs and adapt_kwargs." };
        var name = new Option<string?>("--name") { Description = "The new profile's name; where left out, the file's.", HelpName = "NAME" };
        var force = new Option<bool>("--force") { Description = "Write over a profile of that name." };
        return new Command("import", "Make a cluster profile of a dask-jobqueue file, and name what has no counterpart.") { file, name, force }.Does(async context =>
        {
            var source = context.Value(file);
            var profile = context.Value(name) ?? Path.GetFileNameWithoutExtension(source);
            if (profile.Length == 0 || profile.Contains('/') || profile.Any(char.IsControl))
                throw CommandException.BadInput($"'{profile}' is no profile's name: it must not be empty or hold a '/'");
            var imported = Read(profile, source);
            var target = Path.Combine(ClusterCommands.Files(context).Directory, profile + ".yaml");
            if (File.Exists(target) && !context.Value(force))
                throw CommandException.BadInput($"there is a profile '{profile}' ({target}): give the new one another --name, or write over it with --force");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllTextAsync(target, ProfileWriter.Write(imported.Profile), context.Cancellation);
            foreach (var fault in imported.LeftOut)
                context.Output.WriteLine($"left out: {TerminalText.Line($"{fault}")}");
            context.Output.WriteLine($"written: {TerminalText.Line(target)}; try it with: holoflow cluster check {TerminalText.Line(profile)}");
            return ExitCodes.Done;
        });
    }

    static ImportedProfile Read(string profile, string source)
    {
        try
        {
            return DaskImport.Read(profile, File.ReadAllText(source), source);
        }
        catch (ProfileException e)
        {
            throw CommandException.BadInput(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"{source} cannot be read: {e.Message}");
        }
    }
}
