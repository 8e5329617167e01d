namespace Holoflow.Architecture.Tests;

/// <summary>The walls between the rooms, as the design draws them. A new reference is a decision: it is made here.</summary>
public sealed class WallTests
{
    static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        // Domain for schedule arithmetic: definitions are checked and fire times shown at the edge; no run state is decided there.
        ["services/Api"] = ["shared/Domain", "shared/Contracts", "shared/ApiModel", "shared/Messaging", "shared/ReadModel", "shared/RunProtocol", "shared/Hosting"],
        ["services/StateStore"] = ["shared/Domain", "shared/Contracts", "shared/Outbox", "shared/Persistence", "shared/Messaging", "shared/Hosting"],
        ["services/Scheduler"] = ["shared/Domain", "shared/Contracts", "shared/Messaging", "shared/ReadModel", "shared/Notifications", "shared/Hosting"],
        ["services/LogIngest"] = ["shared/Contracts", "shared/Messaging", "shared/Persistence", "shared/Hosting"],
        ["services/Agent"] = ["shared/Contracts", "shared/Messaging", "shared/RunProtocol", "shared/Slurm", "shared/Hosting"],
        ["services/Cli"] = ["shared/Client", "shared/ApiModel", "shared/RunProtocol", "shared/Slurm", "services/Standalone", "services/Holography"],
        // Until the holography flow takes its place: a flow program that 'holoflow demo' starts.
        ["services/Standalone"] = ["services/Api", "services/StateStore", "services/Scheduler", "services/LogIngest", "services/Agent", "shared/Notifications"],
        ["services/Holography"] = ["shared/Sdk", "shared/Sdk.Slurm", "shared/Holography"],
        ["shared/Domain"] = [],
        ["shared/Contracts"] = [],
        ["shared/ApiModel"] = [],
        ["shared/RunProtocol"] = [],
        ["shared/Messaging"] = ["shared/Contracts"],
        ["shared/Persistence"] = [],
        ["shared/Outbox"] = ["shared/Persistence", "shared/Messaging"],
        ["shared/ReadModel"] = ["shared/Persistence", "shared/Contracts"],
        // Hosted by the scheduler, which owns time, and by the process that holds all services.
        ["shared/Notifications"] = ["shared/Domain", "shared/Contracts", "shared/Messaging", "shared/Persistence", "shared/Hosting"],
        ["shared/Hosting"] = [],
        ["shared/Sdk"] = ["shared/RunProtocol", "shared/Slurm"],
        ["shared/Sdk.Slurm"] = ["shared/Sdk", "shared/Slurm", "shared/RunProtocol"],
        ["shared/Sdk.Testing"] = ["shared/Sdk"],
        ["shared/Slurm"] = [],
        ["shared/Client"] = ["shared/ApiModel"],
        ["shared/Holography"] = [],
    };

    static readonly string[] DatabaseRooms = ["shared/Persistence", "shared/Outbox", "shared/ReadModel", "services/StateStore", "services/LogIngest"];

    public static TheoryData<string> Rooms => [.. Project.All.Where(p => !p.Room.StartsWith("tests/", StringComparison.Ordinal)).Select(p => p.Room)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_what_the_design_allows(string room)
    {
        Assert.True(MayReference.TryGetValue(room, out var allowed), $"{room} is not in the design: give it a sentence and its walls there, then here");
        Assert.Empty(Project.All.Single(p => p.Room == room).References.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Only_Messaging_names_the_broker()
    {
        var others = Project.All.Where(p => p.Room is not "shared/Messaging");
        Assert.Empty(others.SelectMany(p => p.Packages.Where(IsBroker).Select(package => $"{p.Room} names {package}")));
        Assert.Empty(Usings("MassTransit", "RabbitMQ").Where(u => !u.StartsWith("shared/Messaging/", StringComparison.Ordinal)));

        static bool IsBroker(string package) => package.StartsWith("MassTransit", StringComparison.Ordinal) || package.StartsWith("RabbitMQ", StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_database_rooms_name_the_database()
    {
        var others = Project.All.Where(p => !p.Room.StartsWith("tests/", StringComparison.Ordinal) && !DatabaseRooms.Contains(p.Room));
        Assert.Empty(others.SelectMany(p => p.Packages.Where(IsDatabase).Select(package => $"{p.Room} names {package}")));
        Assert.Empty(Usings("Microsoft.EntityFrameworkCore", "Npgsql", "Microsoft.Data.Sqlite").Where(u => !DatabaseRooms.Any(room => u.StartsWith(room + "/", StringComparison.Ordinal))));

        static bool IsDatabase(string package) =>
            package.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) || package.StartsWith("Npgsql", StringComparison.Ordinal) || package.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal);
    }

    [Fact]
    public void The_pure_rooms_have_no_packages() =>
        Assert.Empty(Project.All.Where(p => p.Room is "shared/Domain" or "shared/Contracts" or "shared/ApiModel" or "shared/RunProtocol" or "shared/Holography").SelectMany(p => p.Packages));

    [Fact]
    public void The_domain_knows_no_files_network_or_clock()
    {
        string[] impure = ["System.IO.File", "File.", "Directory.", "HttpClient", "Socket", "TimeProvider", "Stopwatch", "Environment.", "Console."];
        Assert.Empty(RepositoryRoot.Files("*.cs", "shared/Domain").SelectMany(file => File.ReadLines(file)
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && impure.Any(word => line.Contains(word, StringComparison.Ordinal)))
            .Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Microservices.sln")).Replace('\\', '/');
        Assert.Empty(Project.All.Select(p => Path.GetRelativePath(RepositoryRoot.Path, p.Path)).Where(path => !solution.Contains(path, StringComparison.Ordinal)));
    }

    static IEnumerable<string> Usings(params string[] namespaces) =>
        RepositoryRoot.Files("*.cs", "services", "shared")
            .Where(file => File.ReadLines(file).Any(line => namespaces.Any(n => line.StartsWith($"using {n}", StringComparison.Ordinal) || line.StartsWith($"global using {n}", StringComparison.Ordinal))))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file));
}
