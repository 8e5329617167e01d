namespace Holoflow.Sdk;

/// <summary>Which task run an execution is of.</summary>
/// <param name="Id">The task run.</param>
/// <param name="Run">The nested run that it is part of; null: the run of the flow process.</param>
/// <param name="Key">Stable within the run over attempts.</param>
/// <param name="RunName">For people.</param>
/// <param name="Name">The task's name.</param>
/// <param name="ForwardsConsole">Whether what it prints goes to its log.</param>
sealed record TaskIdentity(Guid Id, Guid? Run, string Key, string RunName, string Name, bool ForwardsConsole);
