using System.Data.Common;

namespace Holoflow.Persistence.Schema;

/// <summary>Applies the scripts that a database lacks, in one transaction, under a lock.</summary>
sealed class SchemaUpgrade(IDatabaseEngine engine, TimeProvider time)
{
    public async ValueTask<SchemaState> Run(CancellationToken cancellation)
    {
        await using var connection = await engine.OpenForWriting(create: true, cancellation);
        try
        {
            var scripts = SchemaScript.Of(engine.ScriptFolder);
            var newest = scripts[^1].Version;
            var version = SchemaCheck.ReadVersion(engine, connection);
            if (version < newest)
            {
                await using var transaction = await engine.BeginWriting(connection, cancellation);
                engine.LockSchema(transaction);
                // Another process may have been first.
                version = SchemaCheck.ReadVersion(engine, connection);
                foreach (var script in scripts.Where(s => s.Version > version))
                    Apply(connection, script);
                transaction.Commit();
            }

            SchemaCheck.RequireNotNewer(engine, version, newest);
            return new SchemaState(newest, newest);
        }
        catch (DbException e)
        {
            throw engine.Explain(e) ?? (Exception)e;
        }
    }

    void Apply(DbConnection connection, SchemaScript script)
    {
        using var command = connection.CreateCommand();
        command.CommandText = script.Read();
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO schema_version (version, name, applied_at) VALUES (@version, @name, @at)";
        Add("@version", script.Version);
        Add("@name", script.Name);
        Add("@at", Microseconds.Of(time.GetUtcNow()));
        command.ExecuteNonQuery();

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }
}
