# Entrada, aviso, manual y la barra de todas las páginas.
product = Rowcall
skip = Al contenido
nav-login = Entrar
nav-lanes = Carriles
nav-supervisor = Supervisión
nav-auditor = Auditoría
nav-administrator = Administración
nav-password = Contraseña

minutes = { $count ->
    [one] 1 minuto
   *[other] { $count } minutos
}
hours = { $count ->
    [one] 1 hora
   *[other] { $count } horas
}
days = { $count ->
    [one] 1 día
   *[other] { $count } días
}

login-title = Entrar
login-name = Nombre
login-password = Contraseña
login-do = Entrar
login-wrong = El nombre y la contraseña no concuerdan.
login-wait = { $count ->
    [one] Demasiados intentos: espere 1 segundo.
   *[other] Demasiados intentos: espere { $count } segundos.
}
login-traveller = ¿Viaja usted?
password-title = Nueva contraseña
password-must = Otros conocen su contraseña: elija una nueva antes de seguir.
password-old = Contraseña hasta ahora
password-new = Contraseña nueva
password-hint = Diez caracteres como mínimo; una frase se recuerda bien.
password-do = Cambiar
lanes-title = Elija un carril
lanes-none = Este servicio no tiene ningún carril.

## Aviso
notice-title = Su cara en este carril
notice-lead = Las cámaras comparan su cara con el retrato del documento de viaje que usted presenta aquí, y con nada más.
notice-glance-what = Una imagen de su cara
notice-glance-what-text = se compara solo con los documentos de su propio vehículo.
notice-glance-gone = Desaparece al seguir
notice-glance-gone-text = Las imágenes se destruyen cuando su vehículo se va.
notice-glance-no = Puede decir que no
notice-glance-no-text = Dígaselo al agente: le revisan a mano, en este mismo carril.
notice-glance-officer = Decide un agente
notice-glance-officer-text = La máquina no rechaza a nadie.
notice-operator = Quién opera este carril
notice-purpose = Para qué
notice-basis = Base legal
notice-taken = Qué se toma
notice-taken-text = Imágenes de los asientos, desde antes de que su vehículo pare hasta que se va; lo que dicen el chip y las líneas impresas de sus documentos, y sus retratos.
notice-not = Qué no se hace
notice-not-text = No se le busca en ninguna lista. No se guarda la cara de nadie para después. No se deduce nada sobre su edad, sexo, origen o ánimo. Aquí no queda registro de sus viajes.
notice-kept-faces = Cuánto viven las imágenes
notice-kept-faces-how = Hasta que su vehículo se va, como mucho { $time }. Entonces se sobrescriben, y un registro firmado lo demuestra.
notice-kept-hold = La única excepción
notice-kept-hold-how = { $officers ->
    [one] Un agente puede, por un motivo declarado, conservar un par de imágenes, cifradas, durante { $own } como mucho ({ $order } por orden judicial o tras un incidente). Cada caso queda registrado.
   *[other] Dos agentes juntos pueden, por un motivo declarado, conservar un par de imágenes, cifradas, durante { $own } como mucho ({ $order } por orden judicial o tras un incidente). Cada caso queda registrado.
}
notice-kept-counts = Qué queda
notice-kept-counts-how = { $count ->
    [one] Recuentos y motivos sin nombre ni imagen alguna, durante 1 día.
   *[other] Recuentos y motivos sin nombre ni imagen alguna, durante { $count } días.
}
notice-opt-out = Cómo decir que no
notice-opt-out-text = Dígaselo al agente antes o durante su paso por el carril: para usted, para un documento o para todo el vehículo. Su asiento se tapa en negro en cada imagen, también en las anteriores. No dura más que mirar sus documentos y no tiene otra consecuencia.
notice-errs = La máquina se equivoca
notice-error-wrong = Cerca de 1 de cada { $count } vehículos en que alguien no es el titular del documento pasaría inadvertido para la máquina.
notice-error-referred = A unas { $count } de cada 100 personas que muestran su propio documento las mira además un agente.
notice-error-unmeasured = Con qué frecuencia no se ha medido aún en este carril.
notice-error-decides = Nunca decide en contra de nadie: un agente mira y decide.
notice-complain = Preguntas y quejas
notice-code = Este aviso en su teléfono

## Manual
manual-title = Si el carril falla: a mano
manual-failed = Esto ha fallado
manual-camera = La cámara { $name } no muestra nada.
manual-documents = Los documentos no se pueden leer o comprobar.
manual-analysis = Las imágenes no se pueden comparar a tiempo.
manual-log = El registro no se puede escribir: no se compara nada hasta que se pueda.
manual-lead = El tráfico sigue. Usted revisa a cada persona como lo haría sin la máquina.
manual-step-stop = Que el vehículo pare en la marca. Motor apagado, luz interior encendida, ventanillas abajo.
manual-step-count = Cuente usted a las personas: cada fila, en brazos, el suelo, el maletero si así lo dicen sus normas.
manual-step-documents = Tome un documento por persona. Mire la caducidad, el retrato y las líneas impresas; use un lector de mano o una lámpara si los tiene.
manual-step-faces = Sostenga cada documento junto a su titular. Compare orejas, nariz, cejas y mentón antes que pelo, barba o gafas.
manual-step-unsure = ¿No está seguro? Pida un segundo documento o envíe a segunda inspección. Un segundo par de ojos es mejor que una suposición rápida.
manual-step-record = Anote en la lista de mano: hora, número de personas, número de documentos, qué decidió. Ningún nombre.
manual-step-close = Cuando el carril vuelva a funcionar, cierre en la consola lo que quede abierto como «Revisado a mano».
manual-never-title = Nunca
manual-never-wave = Nunca deje pasar un vehículo sin más porque la máquina falle.
manual-never-photo = Nunca fotografíe a personas o documentos con su propio teléfono.
manual-never-refuse = Nunca rechace a nadie porque la máquina no pudo verle.
manual-parts-title = Si solo falla una parte
manual-part-camera = Una cámara
manual-part-camera-do = Siga con la máquina. Mire usted los asientos que esa cámara muestra; le llegan para mirar de todos modos.
manual-part-reader = El lector de documentos
manual-part-reader-do = Siga a mano con los documentos. Las caras sin documento con que comparar las revisa usted.
manual-part-console = Esta consola
manual-part-console-do = Cargue la página otra vez. Si no vuelve, siga a mano; un vehículo abierto termina solo al llegar su límite de tiempo y sus imágenes se destruyen.
manual-part-power = Corriente o red
manual-part-power-do = Siga a mano. Las imágenes en memoria se pierden con la corriente; no hay nada que borrar.
