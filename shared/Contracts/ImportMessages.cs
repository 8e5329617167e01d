using System.Text.Json;

namespace Holoflow.Contracts;

/// <summary>
/// Rows that belong to runs which are still to be imported: they are nobody's until <see cref="ImportRun"/> puts the runs themselves beside them.
/// Rows of a run that is there are refused.
/// </summary>
/// <param name="Table">The table's name.</param>
/// <param name="Rows">A row each: an array of the table's values.</param>
[Message("import-rows", Addresses.StateStore, Identity = "Table, Rows")]
public sealed record ImportRows(string Table, IReadOnlyList<JsonElement> Rows) : IRequest<CommandAnswered>;

/// <summary>Ends an import: from now on the run is there, with those nested in it and all rows that were imported for them.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Parts">The runs' own rows and what every run has.</param>
[Message("import-run", Addresses.StateStore, Identity = "RunId")]
public sealed record ImportRun(Guid RunId, IReadOnlyList<ImportRows> Parts) : IRequest<CommandAnswered>;

/// <summary>Removes the rows that an import left of runs which never came to be.</summary>
[Message("forget-import", Addresses.StateStore, Identity = "Runs")]
public sealed record ForgetImport(IReadOnlyList<Guid> Runs) : IRequest<CommandAnswered>;

/// <summary>As <see cref="ImportRows"/>, lines of the log: whoever stores those stores these.</summary>
[Message("import-log-lines", Addresses.Logs, Identity = "Rows")]
public sealed record ImportLogLines(IReadOnlyList<JsonElement> Rows) : IRequest<CommandAnswered>;
