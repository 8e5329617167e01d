using System.Data.Common;
using Holoflow.Persistence;
using Holoflow.StateStore.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Holoflow.StateStore.Tests.Persistence;

[Collection(PostgresqlTests.Name)]
public sealed class SchemaAgreementTests(PostgresqlHost postgresql)
{
    [Fact]
    public async Task The_sqlite_scripts_and_the_model_agree_column_by_column()
    {
        await using var store = await TemporaryStore.Create();
        await using var connection = await store.Database.OpenForReading();
        const string Columns = """
            SELECT t.name, c.name, c.type, c."notnull" = 0, c.pk
            FROM sqlite_schema t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
            """;
        Assert.Equal(ModelColumns(store.Database), await ReadColumns(connection, Columns));
    }

    [Fact]
    public async Task The_postgresql_scripts_and_the_model_agree_column_by_column()
    {
        var database = await postgresql.CreateDatabase();
        await database.Upgrade(TestContext.Current.CancellationToken);
        await using var connection = await database.OpenForReading(TestContext.Current.CancellationToken);
        const string Columns = """
            SELECT c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES', COALESCE(k.ordinal_position, 0)::int
            FROM information_schema.columns c
            LEFT JOIN (information_schema.key_column_usage k JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name))
            ON t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name
            WHERE c.table_schema = 'public' AND c.table_name <> 'log_lines_other'
            """;
        Assert.Equal(ModelColumns(database), await ReadColumns(connection, Columns));
    }

    static IEnumerable<string> ModelColumns(Database database)
    {
        using var context = database.CreateContext();
        return
        [
            .. context.Model.GetEntityTypes()
                .SelectMany(e => e.GetProperties().Select(p => Line(
                    e.GetTableName()!,
                    p.GetColumnName(),
                    p.GetColumnType(),
                    p.IsNullable,
                    p.IsPrimaryKey() ? e.FindPrimaryKey()!.Properties.ToList().IndexOf(p) + 1 : 0)))
                .Order(StringComparer.Ordinal),
        ];
    }

    static async Task<IEnumerable<string>> ReadColumns(DbConnection connection, string sql)
    {
        var lines = new List<string>();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(Line(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetInt32(4)));
        return lines.Order(StringComparer.Ordinal);
    }

    static string Line(string table, string column, string type, bool nullable, int key) =>
        $"{table}.{column} {type}{(nullable ? " null" : "")}{(key > 0 ? $" key {key}" : "")}";
}
